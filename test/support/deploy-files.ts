import { readFileSync } from 'node:fs';
import { parse as parseToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';

export type Env = Record<string, string>;

interface ComposeService {
  build?: string;
  image: string;
  pull_policy?: string;
  command?: string[];
  container_name?: string;
  profiles?: string[];
  environment?: Env;
  ports?: string[];
  volumes?: string[];
  restart?: string;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test: string[] };
  stop_grace_period?: string;
  deploy?: { replicas?: number };
}

export interface Compose {
  services: Record<string, ComposeService>;
  volumes: Record<string, unknown>;
}

export interface FlyToml {
  kill_signal: string;
  kill_timeout: number;
  build: { dockerfile: string };
  deploy: { release_command?: string; strategy: string };
  processes: Record<string, string>;
  env: Env;
  http_service?: {
    processes: string[];
    internal_port: number;
    auto_stop_machines: string;
    checks: { path: string }[];
  };
  checks?: Record<string, { port: number; path: string }>;
  vm: { processes: string[]; size: string }[];
}

/** What .env.example asks people to fill in. */
export const FILLED_IN: Env = {
  REPORT_SECRET: `whsec_${'A'.repeat(43)}=`,
  POSTGRES_PASSWORD: 'a1b2',
  S3_ACCESS_KEY_ID: 'reverie',
  S3_SECRET_ACCESS_KEY: 'c3d4c3d4',
};
export const API = 'node apps/api/src/main.ts';
export const WORKER = 'node apps/worker/src/main.ts';

/** The variables a schema knows. */
export const namesOf = (schema: { shape: object }): string[] => Object.keys(schema.shape);
/** The source files that a command or a comment names. */
export const scripts = (command: string): string[] => command.match(/[\w./-]+\.ts\b/g) ?? [];

export const text = (file: string): string => readFileSync(file, 'utf8');
export const fly = (file: string): FlyToml => parseToml(text(file)) as unknown as FlyToml;

/** The compose file as Compose itself would read it with these variables. */
export function compose(env: Env): Compose {
  const read = parseYaml(text('docker-compose.yml'), { merge: true }) as Compose;
  return fill(read, env) as Compose;
}

/** `${NAME}`, `${NAME:-otherwise}`, `${NAME:?complaint}`, and `NAME:` without a value, which is passed on. */
function fill(node: unknown, env: Env, name = ''): unknown {
  if (typeof node === 'string') return substitute(node, env);
  if (Array.isArray(node)) return node.map((each) => fill(each, env));
  if (node === null || typeof node !== 'object') return node;
  return Object.fromEntries(
    Object.entries(node).flatMap(([key, value]): [string, unknown][] => {
      if (name !== 'environment') return [[key, fill(value, env, key)]];
      if (value === null) return env[key] === undefined ? [] : [[key, env[key]]];
      return [[key, substitute(String(value), env)]];
    }),
  );
}

const substitute = (value: string, env: Env): string =>
  value.replaceAll(/\$\$|\$\{(\w+)(?::([-?])([^}]*))?\}/g, (whole, name: string, kind?: string, rest = '') => {
    if (whole === '$$') return '$';
    if (env[name]) return env[name];
    if (kind === '?') throw new Error(`required variable ${name} is missing a value: ${rest}`);
    return kind === '-' ? rest : '';
  });

/** "20s", "1m", "1m30s" */
export function seconds(duration: string): number {
  const [, minutes = '0', rest = '0'] = /^(?:(\d+)m)?(?:(\d+)s)?$/.exec(duration) ?? [];
  return Number(minutes) * 60 + Number(rest);
}
