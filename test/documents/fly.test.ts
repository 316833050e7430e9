import { existsSync } from 'node:fs';
import { FLEETS } from '@reverie/contracts';
import { describe, expect, test } from 'vitest';
import { apiEnvironment, readConfig as readApi } from '../../apps/api/src/config.ts';
import { readConfig as readWorker, workerEnvironment } from '../../apps/worker/src/config.ts';
import { API, type Env, FILLED_IN, fly, namesOf, text, WORKER } from '../support/deploy-files.ts';

/** Comments name the secrets that `fly secrets set` has to bring; the rest is in the file. */
function secretsOf(file: string): Env {
  const named = [...text(file).matchAll(/([A-Z0-9_]+)=…/g)].map(([, name]) => name!);
  const values: Env = { ...FILLED_IN, DATABASE_URL: 'postgres://db/reverie', REDIS_URL: 'rediss://redis:6379' };
  return Object.fromEntries(named.map((name) => [name, values[name]!]));
}

describe('fly.toml', () => {
  const api = fly('fly.toml');
  const env = { ...api.env, ...secretsOf('fly.toml') };

  test('the API reads what the file and its secrets give', () => {
    expect(readApi(env)).toMatchObject({
      auth: 'keys',
      publicUrl: 'https://your-app.fly.dev',
      storage: { kind: 's3' },
    });
    expect(Object.keys(env).filter((name) => !namesOf(apiEnvironment).includes(name))).toEqual([]);
  });

  test('no secret is in the file', () => {
    for (const file of ['fly.toml', 'fly.worker.toml']) {
      const secret = Object.keys(fly(file).env).filter(
        (name) => name in secretsOf(file) || /SECRET|PASSWORD|KEY$/.test(name),
      );
      expect(secret, file).toEqual([]);
    }
  });

  test('a release applies the migrations before the first new machine starts', () => {
    expect(api.deploy.release_command).toBe('node apps/api/src/migrate.ts');
    expect(existsSync('apps/api/src/migrate.ts')).toBe(true);
    expect(api.processes).toEqual({ app: API });
  });

  test('ports and checks are those of the code', () => {
    const { port } = readApi(env);
    expect(api.http_service).toMatchObject({ internal_port: port, auto_stop_machines: 'off' });
    expect(api.http_service!.checks.map(({ path }) => path)).toEqual(['/livez']);
    expect(Object.values(api.checks!).map(({ port, path }) => [port, path])).toEqual([[port, '/readyz']]);
    for (const path of ['/livez', '/readyz']) expect(text('docs/openapi.json')).toContain(`"${path}"`);
  });

  test('it is asked to stop, and given the time', () => {
    expect([api.kill_signal, api.kill_timeout > 10]).toEqual(['SIGTERM', true]);
    expect(api.build.dockerfile).toBe('Dockerfile');
  });
});

describe('fly.worker.toml', () => {
  const worker = fly('fly.worker.toml');

  test('every fleet has its process group and its machine', () => {
    expect(worker.processes).toEqual(
      Object.fromEntries(FLEETS.map((fleet) => [fleet, `env WORKER_FLEETS=${fleet} ${WORKER}`])),
    );
    expect(worker.vm.flatMap(({ processes }) => processes)).toEqual([...FLEETS]);
  });

  test.each(FLEETS)('the workers of %s read what the file and its secrets give', (fleet) => {
    const [, name, value] = /^env (\w+)=(\S+) /.exec(worker.processes[fleet]!)!;
    const env = { ...worker.env, ...secretsOf('fly.worker.toml'), [name!]: value! };
    const config = readWorker(env);
    expect(config.fleets.map((each) => each.fleet)).toEqual([fleet]);
    expect(worker.kill_timeout).toBeGreaterThan(config.drainSeconds + 3);
    expect(Object.keys(env).filter((each) => !namesOf(workerEnvironment).includes(each))).toEqual([]);
  });

  test('it reports to the API of fly.toml and shares its bucket', () => {
    const api = fly('fly.toml');
    expect(worker.env.API_BASE_URL).toBe(api.env.PUBLIC_URL);
    for (const name of ['STORAGE', 'S3_BUCKET', 'S3_REGION']) expect(worker.env[name], name).toBe(api.env[name]);
    expect(worker.kill_signal).toBe('SIGTERM');
  });
});
