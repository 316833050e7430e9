import { expect, test } from 'vitest';
import { clientOf } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { productOfFile } from '../support/product-of-file.ts';
import { taskOf } from '../support/tasks.ts';

const { product, call, wire } = await productOfFile({
  env: { WORKER_DEV_HTTP: 'true', WORKER_HTTP_PORT: '0', WORKER_POLL_MS: '1500', WORKER_MAX_ATTEMPTS: '2' },
});

interface Job {
  job_id: string;
  status: string;
  error: { code: string } | null;
}
const submit = async (more: object) =>
  (await call<Job>('POST', '/jobs', { pipeline: 'selftest', ...more })).body.job_id;
const jobOnce = (id: string, wanted: string) =>
  eventually(`the job to be ${wanted}`, async () => {
    const { body } = await call<Job>('GET', `/jobs/${id}`);
    return body.status === wanted && body;
  });

test('C22, C51–C58: a worker tells what it does, what waits and what it has done', async () => {
  await product.startWorker({ IO_SLOTS: '1', CPU_SLOTS: '1' });
  const url = await eventually('the address', async () => /"url":"(http:\/\/127[^"]+)"/.exec(product.log())?.[1]);
  const worker = clientOf(url);
  expect(await worker('GET', '/healthz')).toMatchObject({ status: 200, body: { status: 'healthy', queue: 'answers' } });

  const id = await submit({ input: { parts: 2, seconds: 1.5 } });
  const peeked = await eventually('a task at work and one behind it', async () => {
    const { body } = await worker<{
      running: { job: string; stage: string; percent: number; attempt: number }[];
      queues: Record<string, { waiting: number; active: number; entries: { id: string; state: string }[] }>;
    }>('GET', '/jobs/peek');
    return body.running[0]?.stage === 'read' && body.running[0].percent > 0 && body.queues.cpu!.waiting === 1 && body;
  });
  expect(peeked.running).toMatchObject([{ job: id, attempt: 1 }]);
  expect(peeked.queues.cpu).toMatchObject({ waiting: 1, active: 1 });
  expect(peeked.queues.cpu!.entries.map(({ state }) => state)).toEqual(['waiting', 'active']);

  await jobOnce(id, 'completed');
  const { body } = await worker<{ processing_times: Record<string, { p50_seconds: number; p95_seconds: number }> }>(
    'GET',
    '/stats',
  );
  expect(body).toMatchObject({
    version: expect.any(String),
    processed: 4,
    completed: 4,
    failed: 0,
    success_rate: 1,
    storage: { cache_files: expect.any(Number), cache_bytes: expect.any(Number) },
    queues: { cpu: { waiting: 0, active: 0, delayed: 0 }, io: { waiting: 0 } },
  });
  expect(Object.keys(body.processing_times).sort()).toEqual(['selftest/check', 'selftest/read', 'selftest/write']);
  expect(body.processing_times['selftest/read']!.p50_seconds).toBeGreaterThan(1.4);
});

test('C20: WORKER_MAX_ATTEMPTS stands over what the stages say', async () => {
  const id = await submit({ input: {}, held: true }); // so that only the wire takes it
  const task = await taskOf(product, id, 'write');
  const error = { code: 'internal' as const, message: 'no' };
  for (const attempt of [1, 2]) {
    await wire.claim(task.id);
    await wire.report({ taskId: task.id, attempt }, { status: 'failed', error });
  }
  expect((await jobOnce(id, 'failed')).error?.code).toBe('internal');
  expect((await taskOf(product, id, 'write')).attempt).toBe(2);
});
