import { existsSync, readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the generated docs say about a variable besides its schema. */
interface VariableMeta {
  /** Other names the documents use for the same thing. */
  aliases?: readonly string[];
  secret?: boolean;
  /** What the docs say where the default differs from machine to machine. */
  shownDefault?: string;
}

/** One environment variable: its shape, what it is for, and the names it is also known by. */
export const variable = <T extends z.ZodType>(schema: T, description: string, meta: VariableMeta = {}): T =>
  schema.meta({ ...meta, description });

/** Read by `npm start` or by every process before its own; an app that sees them is not surprised. */
export const launcherEnvironment = z.object({
  VL_CONFIG_FILE: variable(
    z.string().default('.env'),
    'The file with settings; what stands in the environment wins over it',
  ),
  REVERIE_DATA: variable(z.string().default('.reverie'), 'The folder in which npm start keeps everything'),
});

/** Read by docker-compose.yml alone, for the Postgres it starts. */
export const composeEnvironment = z.object({
  POSTGRES_PASSWORD: variable(
    z.string(),
    'The password of the database there; letters and digits, as it becomes part of a URL',
    {
      secret: true,
    },
  ),
});

/** The process's variables over those of the `.env` file (or the one VL_CONFIG_FILE names). */
export function withEnvFile(env: Environment): Environment {
  const named = env.VL_CONFIG_FILE;
  const path = named || '.env';
  if (!existsSync(path)) {
    if (named) throw new Error(`cannot start: VL_CONFIG_FILE names ${named}, which is not there`);
    return env;
  }
  return { ...parseEnv(readFileSync(path, 'utf8')), ...env };
}

/** Parses an app's environment; every mistake is told at once, by name, with what to do. */
export function readEnvironment<S extends z.ZodRawShape>(
  schema: z.ZodObject<S>,
  env: Environment,
): z.infer<typeof schema> {
  const given: Record<string, string> = {};
  for (const [name, field] of Object.entries(schema.shape)) {
    const names = [name, ...(metaOf(field as z.ZodType).aliases ?? [])];
    // An empty value is how shells and compose files say "not set".
    const found = names.map((n) => env[n]?.trim()).find((value) => value);
    if (found !== undefined) given[name] = found;
  }
  const read = schema.safeParse(given);
  const mistakes = [...(read.success ? [] : read.error.issues.map(sayIssue)), ...strangers(schema, env)];
  if (!read.success || mistakes.length > 0) {
    throw new Error(
      `cannot start, fix the environment (docs/environment.md has every variable):\n${mistakes.join('\n')}`,
    );
  }
  return read.data;
}

/** For the first line of an app: what is wrong with its settings is told, and it ends. */
export function sayAndExit<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}

export const metaOf = (field: z.ZodType): VariableMeta & { description?: string | undefined } => field.meta() ?? {};

/** A list in one variable is still one variable: the index is left out. */
const sayIssue = (issue: z.core.$ZodIssue) => `  ${String(issue.path[0] ?? 'environment')}: ${issue.message}`;

/** A REVERIE_ variable nobody reads is a typing mistake that would otherwise be silent. */
function strangers(schema: z.ZodObject, env: Environment): string[] {
  const known = [...Object.keys(schema.shape), ...Object.keys(launcherEnvironment.shape)];
  return Object.keys(env)
    .filter((name) => name.startsWith('REVERIE_') && !known.includes(name))
    .map((name) => {
      const near = known.map((k) => ({ k, d: distance(name, k) })).sort((a, b) => a.d - b.d)[0];
      return `  ${name}: there is no such variable${near && near.d <= 4 ? `, did you mean ${near.k}?` : ''}`;
    });
}

/** Levenshtein's distance between two short names. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min(next[j - 1]! + 1, row[j]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length]!;
}
