import { existsSync } from 'node:fs';
import { composeEnvironment, FLEETS } from '@reverie/contracts';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';
import { apiEnvironment, readConfig as readApi } from '../../apps/api/src/config.ts';
import { podEnvironment, readConfig as readPod } from '../../apps/pod/src/config.ts';
import { readConfig as readWorker, workerEnvironment } from '../../apps/worker/src/config.ts';
import { API, compose, type Env, FILLED_IN, namesOf, scripts, seconds, text, WORKER } from '../support/deploy-files.ts';

const pinned = /^[a-z./-]+:v?\d+(\.\d+)*(-[a-z0-9.]+)?$/;

describe('docker-compose.yml', () => {
  const { services, volumes } = compose(FILLED_IN);
  const ours = Object.entries(services).filter(([, { build }]) => build);
  const envOf = (name: string) => services[name]!.environment!;

  test('the API reads what it is given', () => {
    const config = readApi(envOf('api'));
    expect(config).toMatchObject({ auth: 'keys', host: '0.0.0.0', publicUrl: 'http://localhost:8000' });
    expect(config.databaseUrl).toBe('postgres://reverie:a1b2@postgres:5432/reverie');
    for (const name of ['migrate', 'bucket'])
      expect(readApi(envOf(name)), name).toMatchObject({ storage: config.storage });
  });

  test('so does the worker, and both mean the same queue, secret and bucket', () => {
    const api = readApi(envOf('api'));
    const worker = readWorker(envOf('worker'));
    expect(worker.queue).toEqual(api.queue);
    expect(worker.storage).toEqual(api.storage);
    expect(api.reportSecrets).toEqual([worker.reportSecret]);
    expect(worker.fleets.map(({ fleet }) => fleet)).toEqual(FLEETS);
    expect(worker.apiUrl).toBe(`http://api:${api.port}`);
  });

  test('whatever is passed on to them is a variable they know', () => {
    const given = parseYaml(text('docker-compose.yml'), { merge: true }).services as Record<
      string,
      { environment: Env }
    >;
    const strangers = (service: string, schema: { shape: object }) =>
      Object.keys(given[service]!.environment).filter((name) => !namesOf(schema).includes(name));
    expect({
      api: strangers('api', apiEnvironment),
      migrate: strangers('migrate', apiEnvironment),
      bucket: strangers('bucket', apiEnvironment),
      worker: strangers('worker', workerEnvironment),
      pod: strangers('pod', podEnvironment),
    }).toEqual({ api: [], migrate: [], bucket: [], worker: [], pod: [] });
  });

  test.each(Object.keys(FILLED_IN))('without %s it says what to do', (name) => {
    expect(() => compose({ ...FILLED_IN, [name]: '' })).toThrow(`${name} is missing a value: set it in .env`);
    expect(text('.env.example')).toMatch(new RegExp(`^${name}=$`, 'm'));
  });

  test('.env.example knows every variable that is asked for', () => {
    const asked = [...text('docker-compose.yml').matchAll(/\$\{(\w+)/g)].map(([, name]) => name!);
    const known = [apiEnvironment, workerEnvironment, composeEnvironment].flatMap(namesOf);
    expect(asked.filter((name) => !known.includes(name))).toEqual([]);
    expect(asked.filter((name) => !new RegExp(`^#?${name}=`, 'm').test(text('.env.example')))).toEqual([]);
  });

  test('a set variable is passed on, an unset one leaves the default', () => {
    const set = compose({ ...FILLED_IN, CPU_SLOTS: '3', OPENAI_API_KEY: 'sk-1', WORKER_FLEETS: 'io' }).services;
    const worker = readWorker(set.worker!.environment!);
    expect([worker.openai?.apiKey, worker.fleets]).toEqual(['sk-1', [{ fleet: 'io', slots: 4 }]]);
    expect(readWorker(envOf('worker')).openai).toBeUndefined();
  });

  test('commands start files that are there', () => {
    const started = ours.map(([name, { command = [] }]) => [name, command.join(' ')]);
    expect(Object.fromEntries(started)).toEqual({
      api: API,
      worker: WORKER,
      migrate: 'node apps/api/src/migrate.ts',
      bucket: 'node apps/api/src/make-bucket.ts',
      pod: 'node apps/pod/src/main.ts',
    });
    const inComments = scripts(text('docker-compose.yml'));
    expect(inComments.filter((file) => !existsSync(file))).toEqual([]);
    expect(inComments).toContain('apps/api/src/keys.ts');
  });

  test('ports are those the processes listen on, for this machine alone', () => {
    const { port } = readApi(envOf('api'));
    expect(services.api!.ports).toEqual([`127.0.0.1:${port}:${port}`]);
    expect(services.api!.healthcheck!.test.join(' ')).toContain(`127.0.0.1:${port}/readyz`);
    const published = Object.values(services).flatMap(({ ports = [] }) => ports);
    expect(published.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
    const addresses = [envOf('api').S3_ENDPOINT!, envOf('api').S3_PUBLIC_ENDPOINT!].map((url) => new URL(url).port);
    expect(services.storage!.ports).toEqual([`127.0.0.1:${addresses[1]}:${addresses[0]}`]);
    expect(services.storage!.environment!.RUSTFS_ADDRESS).toBe(`:${addresses[0]}`);
  });

  test('the pod comes by its profile alone, wants a key, and is where API and workers are told that it is', () => {
    expect(services.pod!.profiles).toEqual(['pod']);
    expect(() => readPod(envOf('pod'))).toThrow(/set VL_POD_API_KEY/);
    const [told] = /VL_POD_RUN_URL=(\S+)/.exec(text('docker-compose.yml'))!.slice(1);
    const set = compose({ ...FILLED_IN, VL_POD_API_KEY: 'k', VL_POD_RUN_URL: told! }).services;
    const pod = readPod(set.pod!.environment!);
    const worker = readWorker(set.worker!.environment!);
    expect(new URL(told!)).toMatchObject({ hostname: 'pod', port: String(pod.port), pathname: '/run' });
    expect(worker.pods).toMatchObject({ runUrls: [told], apiKey: pod.apiKey });
    expect([pod.outputs, pod.inputs]).toEqual([worker.storage, worker.inputs]);
    expect(readApi(set.api!.environment!).abilities).toContain('run pods');
    expect(services.pod!.healthcheck!.test.join(' ')).toContain(`127.0.0.1:${pod.port}/health`);
  });

  test('links lead to where a browser gets, uploads to where a container gets', () => {
    expect(readApi(envOf('api')).storage).toMatchObject({
      endpoint: 'http://storage:9000',
      publicEndpoint: 'http://localhost:9000',
      forcePathStyle: true,
    });
  });

  test('migrations and the bucket are done before anybody needs them, once', () => {
    const after = (name: string) =>
      Object.entries(services[name]!.depends_on ?? {}).map(([on, { condition }]) => `${on} ${condition}`);
    expect(after('api')).toEqual(
      expect.arrayContaining(['migrate service_completed_successfully', 'bucket service_completed_successfully']),
    );
    expect(after('worker')).toContain('bucket service_completed_successfully');
    expect(after('migrate')).toEqual(['postgres service_healthy']);
    expect(after('bucket')).toEqual(['storage service_healthy']);
    expect([services.migrate!.restart, services.bucket!.restart]).toEqual(['on-failure:3', 'on-failure:3']);
    // The API may be waiting for its first key; workers wait for it by themselves.
    expect(after('worker').join()).not.toContain('api');
  });

  test('every condition can come true', () => {
    for (const { depends_on = {} } of Object.values(services)) {
      for (const [on, { condition }] of Object.entries(depends_on)) {
        expect(services[on], on).toBeDefined();
        if (condition === 'service_healthy') expect(services[on]!.healthcheck, on).toBeDefined();
      }
    }
  });

  test('two workers, and more where they are wanted', () => {
    expect(services.worker!.deploy!.replicas).toBe(2);
    expect(Object.values(services).filter(({ container_name }) => container_name)).toEqual([]);
  });

  test('what runs on is started again, and has time to stop', () => {
    const running = Object.entries(services).filter(([name]) => !['migrate', 'bucket'].includes(name));
    expect(running.filter(([, { restart }]) => restart !== 'unless-stopped')).toEqual([]);
    expect(seconds(services.worker!.stop_grace_period!)).toBeGreaterThan(readWorker(envOf('worker')).drainSeconds + 3);
    expect(seconds(services.api!.stop_grace_period!)).toBeGreaterThan(10);
  });

  test('Redis keeps what it is given', () => {
    const { command, volumes } = services.redis!;
    expect(command!.join(' ')).toMatch(/--appendonly yes/);
    expect(command!.join(' ')).toMatch(/--maxmemory-policy noeviction/);
    expect(volumes).toEqual(['redis:/data']);
  });

  test('what has to last is on a volume', () => {
    const mounted = Object.values(services).flatMap(({ volumes = [] }) =>
      volumes.map((volume) => volume.split(':')[0]!),
    );
    expect(mounted.sort()).toEqual(Object.keys(volumes).sort());
    // Where Postgres 18 and later keep their data; below data/ it would be lost with the container.
    expect(services.postgres!.volumes).toEqual(['postgres:/var/lib/postgresql']);
  });

  test('images of others are pinned, ours is built', () => {
    const others = Object.values(services).filter(({ build }) => !build);
    expect(others.map(({ image }) => image).filter((image) => !pinned.test(image))).toEqual([]);
    expect(ours.map(([, { image, pull_policy }]) => [image, pull_policy])).toEqual(
      ours.map(() => ['reverie', 'build']),
    );
  });
});
