import { tmpdir } from 'node:os';
import { pino } from 'pino';
import { afterEach, expect, test, vi } from 'vitest';
import { keepActivity } from './activity.ts';
import { startStatusServer } from './status-server.ts';

afterEach(() => void vi.restoreAllMocks());

async function serve() {
  const around = { queue: 'there' as 'there' | 'away', taking: true };
  const consumer = {
    fleet: 'io' as const,
    slots: 1,
    isTaking: () => around.taking,
    abort: () => false,
    stop: async () => {},
  };
  const log = pino({ level: 'silent' });
  const url = new Promise<string>((resolve) => {
    vi.spyOn(log, 'info').mockImplementation((said) => resolve((said as unknown as { url: string }).url));
  });
  const status = startStatusServer({
    host: '127.0.0.1',
    port: 0,
    worker: 'w',
    consumers: [consumer],
    queue: {
      check: async () => {
        if (around.queue === 'away') throw new Error('Connection is closed.');
      },
      peek: async () => ({ waiting: 1, active: 0, delayed: 0, entries: [{ id: 'a.0', state: 'waiting' }] }),
    },
    activity: keepActivity(),
    cacheDir: `${tmpdir()}/nowhere`,
    log,
  });
  const base = await url;
  const get = (path: string, method = 'GET') => fetch(base + path, { method });
  return { around, status, get, [Symbol.dispose]: () => void status.close() };
}

test('C51: healthy while it takes tasks; not while it drains, nor when its loop has ended', async () => {
  using worker = await serve();
  expect((await worker.get('/healthz')).status).toBe(200);
  worker.around.taking = false;
  expect((await worker.get('/healthz')).status).toBe(503);
  worker.around.taking = true;
  worker.status.drain();
  const answer = await worker.get('/healthz');
  expect([answer.status, await answer.json()]).toMatchObject([503, { status: 'draining' }]);
});

test('C51: a queue that is away for half a minute makes it unhealthy, and one that is back healthy', async () => {
  using worker = await serve();
  worker.around.queue = 'away';
  const answer = await worker.get('/healthz');
  expect([answer.status, await answer.json()]).toMatchObject([200, { queue: 'away: Connection is closed.' }]);
  const later = Date.now() + 31_000;
  vi.spyOn(Date, 'now').mockImplementation(() => later);
  expect((await worker.get('/healthz')).status).toBe(503);
  worker.around.queue = 'there';
  expect((await worker.get('/healthz')).status).toBe(200);
});

test('C53: figures of a worker that has done nothing yet', async () => {
  using worker = await serve();
  expect(await (await worker.get('/stats')).json()).toMatchObject({
    processed: 0,
    success_rate: null,
    storage: { cache_files: 0, cache_bytes: 0 },
    queues: { io: { waiting: 1, active: 0, delayed: 0 } },
  });
  expect((await worker.get('/stats', 'POST')).status).toBe(405);
  expect((await worker.get('/')).status).toBe(404);
});
