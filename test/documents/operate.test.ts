import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { FAILURES } from '@reverie/contracts';
import { SCOPES } from '@reverie/db';
import { expect, test } from 'vitest';
import { variableGroups } from '../../scripts/docs/variables.ts';
import { compose, fly, text } from '../support/deploy-files.ts';

const operate = text('docs/operate.md');
const found = (pattern: RegExp) => [...new Set([...operate.matchAll(pattern)].map(([, name]) => name!))];
const code = (dir: string): string =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.includes('node_modules'))
    .map((file) => readFileSync(`${dir}/${file}`, 'utf8'))
    .join('\n');
const api = code('apps/api/src');
const worker = code('apps/worker/src');

test('the variables it speaks of exist', () => {
  const known = variableGroups().flatMap(({ variables }) => variables.map(({ name }) => name));
  const named = [
    ...found(/`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=[^`]*)?`/g),
    ...found(/process\.env\.([A-Z_0-9]+)/g),
    ...found(/([A-Z0-9_]+)=…/g),
  ];
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((name) => !known.includes(name))).toEqual([]);
});

test('the services, files and process groups it names exist', () => {
  const { services } = compose({
    REPORT_SECRET: 'x',
    POSTGRES_PASSWORD: 'x',
    S3_ACCESS_KEY_ID: 'x',
    S3_SECRET_ACCESS_KEY: 'x',
  });
  const named = found(
    /docker compose (?:run --rm|exec(?: -T)?|logs(?: --tail \d+)?|stop|up -d --no-deps|up -d --scale) (\w+)/g,
  );
  expect(named.sort()).toEqual(['api', 'migrate', 'postgres', 'redis', 'worker']);
  expect(named.filter((name) => !(name in services))).toEqual([]);
  expect(found(/node (\S+\.ts)/g).filter((file) => !existsSync(file))).toEqual([]);
  expect(found(/\b(cpu|io|gpu)=\d/g).sort()).toEqual(Object.keys(fly('fly.worker.toml').processes).sort());
});

test('the figures, codes, scopes and log lines are those of the code', () => {
  const figures = found(/`(reverie_(?!api_)\w+)/g);
  expect(figures.length).toBeGreaterThan(4);
  expect(figures.filter((name) => !api.includes(`'${name}'`))).toEqual([]);
  const codes = found(/`([a-z]+_[a-z]+)`/g).filter((name) => !name.startsWith('reverie_'));
  expect(codes.filter((name) => !(name in FAILURES))).toEqual([]);
  for (const scope of SCOPES) expect(operate).toContain(`\`${scope}\``);
  for (const line of ['the worker is ready', 'the API refused']) {
    expect([operate.includes(line), worker.includes(line)], line).toEqual([true, true]);
  }
  expect(api).toContain('the database is up to date');
});

test('the routes it sends people to exist', () => {
  const { paths } = JSON.parse(text('docs/openapi.json')) as { paths: Record<string, unknown> };
  const routes = found(/(?:localhost:8000|(?:GET|POST) )(\/[\w/:$-]+)/g).map((path) =>
    path.replaceAll(/:\w+|\$\w+/g, '{id}'),
  );
  expect(routes.length).toBeGreaterThan(4);
  expect(routes.filter((path) => !(path in paths))).toEqual([]);
});
