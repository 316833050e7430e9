import { composeEnvironment, launcherEnvironment, metaOf } from '@reverie/contracts';
import { queueEnvironment } from '@reverie/queue';
import { storageEnvironment } from '@reverie/storage';
import { apiEnvironment } from '../../apps/api/src/config.ts';
import { podEnvironment } from '../../apps/pod/src/config.ts';
import { workerEnvironment } from '../../apps/worker/src/config.ts';

type Field = Parameters<typeof metaOf>[0];
type Shape = Record<string, Field>;

/** One environment variable, as its schema tells of it. */
export interface Variable {
  name: string;
  aliases: readonly string[];
  purpose: string;
  readBy: string;
  required: boolean;
  secret: boolean;
  /** As one would write it; undefined where there is none. */
  value: string | undefined;
  /** The same for people: a default that depends on the machine is described. */
  shown: string | undefined;
  /** What may be written there, if that is more than "some text". */
  allowed: string | undefined;
}

export interface Group {
  title: string;
  variables: Variable[];
}

/** Every variable there is, read off the schemas: first what is needed, then by name. */
export function variableGroups(): Group[] {
  const api: Shape = apiEnvironment.shape;
  const worker: Shape = workerEnvironment.shape;
  const pod: Shape = podEnvironment.shape;
  const shared = { ...queueEnvironment, ...storageEnvironment } as Shape;
  const only = (shape: Shape, wanted: (name: string) => boolean): Shape =>
    Object.fromEntries(Object.entries(shape).filter(([name]) => !(name in shared) && wanted(name)));
  const readers = { API: api, worker, pod };
  const readBy = (name: string) =>
    Object.entries(readers)
      .flatMap(([reader, shape]) => (name in shape ? [reader] : []))
      .join(', ');
  const group = (title: string, shape: Shape, by: (name: string) => string = readBy): Group => ({
    title,
    variables: Object.entries(shape)
      .map(([name, field]) => variableOf(name, field, by(name)))
      .sort((a, b) => Number(b.required) - Number(a.required) || a.name.localeCompare(b.name, 'en')),
  });
  return [
    group(
      'API and workers',
      only(api, (name) => name in worker),
    ),
    group('The queue', queueEnvironment),
    group('Where artifacts live', storageEnvironment),
    group(
      'The API',
      only(api, (name) => !(name in worker)),
    ),
    group(
      'The workers',
      only(worker, (name) => !(name in api)),
    ),
    group(
      'The reference pod',
      only(pod, (name) => !(name in api) && !(name in worker)),
    ),
    group('Docker Compose', composeEnvironment.shape, () => 'docker-compose.yml'),
    group('Every command', launcherEnvironment.shape, (name) =>
      name === 'REVERIE_DATA' ? 'npm start' : 'every process',
    ),
  ];
}

function variableOf(name: string, field: Field, readBy: string): Variable {
  const { aliases = [], description = '', secret = false, shownDefault } = metaOf(field);
  const read = field.safeParse(undefined);
  const value = asWritten(read.data);
  return {
    name,
    aliases,
    purpose: description,
    readBy,
    required: !read.success,
    secret,
    value: shownDefault === undefined ? value : undefined,
    shown: shownDefault ?? (value === undefined ? undefined : `\`${value}\``),
    allowed: allowedBy(field),
  };
}

/** Lists are written with commas. Nothing is written for what is empty, nor for what is made of nothing. */
function asWritten(value: unknown): string | undefined {
  const hasWords = value !== undefined && (typeof value !== 'object' || Array.isArray(value));
  return (hasWords && String(value)) || undefined;
}

function allowedBy(field: Field): string | undefined {
  const { type, enum: choices, minimum, maximum } = field.toJSONSchema({ io: 'output', unrepresentable: 'any' });
  if (choices) return choices.map((choice) => `\`${choice}\``).join(', ');
  if (type === 'boolean') return '`true`, `false`';
  if (minimum === undefined) return undefined;
  return maximum === undefined || maximum === Number.MAX_SAFE_INTEGER
    ? `${minimum} or more`
    : `${minimum} to ${maximum}`;
}
