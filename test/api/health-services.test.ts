import { afterAll, expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { productOfFile } from '../support/product-of-file.ts';
import { startService } from '../support/service.ts';

const service = await startService();
afterAll(() => service[Symbol.asyncDispose]());
const { product, call, wire } = await productOfFile({
  env: { VIDEO_DOWNLOADER_URL: `${service.url}/`, VL_POD_RUN_URL: `${service.url}/run, http://127.0.0.1:9/run` },
});

interface Health {
  status: string;
  service: string;
  microservices: Record<string, string>;
  pods: Record<string, string>;
}
const health = async () => (await call<Health>('GET', '/health')).body;
const sign = (fleet: string, abilities: string[] = []) =>
  wire.signed('/reports/workers', `sign.${crypto.randomUUID()}`, {
    worker: `of ${fleet}`,
    fleets: [{ fleet, slots: 1, busy: 0 }],
    abilities,
    stopping: false,
  });

test('E43, E48–E50: a service elsewhere by its own word, ours by whether a worker is there', async () => {
  expect(await health()).toMatchObject({
    status: 'healthy',
    service: 'reverie',
    microservices: {
      'video-downloader': 'healthy',
      'audio-normalization': 'unhealthy',
      'audio-transcriber': 'not configured',
    },
  });
  await sign('cpu');
  expect((await health()).microservices).toMatchObject({
    'audio-normalization': 'healthy',
    'audio-transcriber': 'not configured',
  });
  await sign('cpu', ['transcribe']);
  expect((await health()).microservices['audio-transcriber']).toBe('unhealthy'); // set up, and nobody there to do it
  await sign('io');
  expect((await health()).microservices['audio-transcriber']).toBe('healthy');
});

test('A9: pods by their own word', async () => {
  expect((await health()).pods).toEqual({ [new URL(service.url).host]: 'healthy', '127.0.0.1:9': 'unhealthy' });
});

test('it is asked once, however often we are', async () => {
  await Promise.all(Array.from({ length: 10 }, health));
  expect(service.asked.filter((path) => path === 'GET /health').length).toBeLessThanOrEqual(4);
});

test('E85: unhealthy, but proceed: the map tells, our status and answer stay', async () => {
  service.health = { status: 200, body: { status: 'unhealthy' } };
  const ill = async () => {
    const { status, body } = await call<Health>('GET', '/health');
    expect([status, body.status]).toEqual([200, 'healthy']);
    return body.microservices['video-downloader'] === 'unhealthy';
  };
  await eventually('the downloader to be seen as unhealthy', ill, { seconds: 10 });
  expect((await call('POST', '/jobs', { pipeline: 'selftest', input: {} })).status).toBe(202);
  expect(product.log()).not.toMatch(/"level":50/);
});

test('E67: a factory reset is off unless it is allowed', async () => {
  const { status, body } = await call('POST', '/admin/factory-reset', { confirm: 'factory-reset' });
  expect([status, body.detail]).toEqual([403, expect.stringContaining('ALLOW_FACTORY_RESET=true')]);
});
