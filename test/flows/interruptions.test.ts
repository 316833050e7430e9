import { execFileSync } from 'node:child_process';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { type Client, clientOf } from '../support/client.ts';
import { finishDream, SHORT, statusOnce, type VideoStatus } from '../support/dreams.ts';
import { eventually } from '../support/eventually.ts';
import { type Product, startProduct } from '../support/product.ts';

/** One scene, soon drawn, whose film of half a minute is still being encoded when something happens to it. */
const LONG = {
  transcript: 'so it goes',
  segments: [{ text: 'It goes on and on and says nothing at all. '.repeat(12).trim() }],
};

let product: Product;
let call: Client;
beforeAll(async () => {
  product = await startProduct({ env: { WORKER_LEASE_SECONDS: '3' } });
  call = clientOf(product.url);
});
afterEach(() => product.stopWorkers());
afterAll(() => product[Symbol.asyncDispose]());

/** The ffmpeg processes that work in this product's scratch folder. */
const ffmpegs = (): number[] =>
  execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => /ffmpeg/.test(line) && !/setpriv/.test(line))
    .map((line) => Number.parseInt(line, 10))
    .filter((pid) => {
      try {
        return execFileSync('readlink', [`/proc/${pid}/cwd`], { encoding: 'utf8' }).startsWith(`${product.dir}/`);
      } catch {
        return false;
      }
    });

const atWork = (jobId: string) =>
  eventually(
    'ffmpeg to be at work',
    async () =>
      ffmpegs().length > 0 && (await call<{ status: string }>('GET', `/jobs/${jobId}`)).body.status === 'processing',
  );

describe('a job survives what happens to its workers', () => {
  test('F19: cancel kills the running ffmpeg of another process within 2 s', async () => {
    await product.startWorker();
    const { id, jobId } = await finishDream(call, LONG);
    await atWork(jobId);
    const began = performance.now();
    expect((await call('POST', `/jobs/${jobId}/cancel`)).status).toBe(200);
    await eventually('ffmpeg to be dead', async () => ffmpegs().length === 0, { seconds: 5 });
    expect(performance.now() - began).toBeLessThan(2_000);
    expect((await call<VideoStatus>('GET', `/dreams/${id}/video-status`)).body.status).toBe('cancelled');
  });

  test('F24: SIGTERM hands tasks back, no attempt is charged, the worker is gone at once; the next one goes on', async () => {
    const worker = await product.startWorker();
    const { id, jobId } = await finishDream(call, LONG);
    await atWork(jobId);
    const began = performance.now();
    expect(await worker.stop('SIGTERM')).toBe(0);
    expect(performance.now() - began).toBeLessThan(5_000);
    await eventually('its ffmpeg to be gone with it', async () => ffmpegs().length === 0, { seconds: 1 });
    const { body } = await call<{ status: string; stages: { attempts: { outcome: string }[] }[] }>(
      'GET',
      `/jobs/${jobId}`,
    );
    const outcomes = body.stages.flatMap((stage) => stage.attempts.map(({ outcome }) => outcome));
    expect(outcomes).toContain('released');
    expect(outcomes).not.toContain('failed');
    expect(body.status).toBe('processing');

    await product.startWorker();
    await eventually('the next worker to go on', async () => ffmpegs().length > 0, { seconds: 5 });
    await call('POST', `/jobs/${jobId}/cancel`);
    await statusOnce(call, id, ['cancelled']);
  });

  test('F21 F23: a worker that is killed loses nothing: finished stages stay finished, and no ffmpeg outlives it', async () => {
    const worker = await product.startWorker();
    const { id, jobId } = await finishDream(call);
    await eventually('the first stage to be done', async () => {
      const { body } = await call<{ stages: { state: string }[] }>('GET', `/jobs/${jobId}`);
      return body.stages[0]?.state === 'completed' && ffmpegs().length > 0;
    });
    await worker.stop('SIGKILL');
    await eventually('its ffmpeg to be dead', async () => ffmpegs().length === 0, { seconds: 3 });
    await product.startWorker();
    await statusOnce(call, id, ['completed'], 55);
    const { body } = await call<{ stages: { name: string; attempts: { outcome: string }[] }[] }>(
      'GET',
      `/jobs/${jobId}`,
    );
    expect(body.stages[0]).toMatchObject({ name: 'storyboard', attempts: [{ outcome: 'completed' }] });
    expect(body.stages.flatMap(({ attempts }) => attempts.map(({ outcome }) => outcome))).toContain('lost');
  }, 90_000);

  test('F18: a frozen ffmpeg is killed within the watchdog’s time and 5 s, and its stage is tried again', async () => {
    await product.startWorker({ STAGE_STILL_SECONDS: '5' });
    const { jobId } = await finishDream(call, LONG);
    await eventually('the film to be encoded', async () => {
      const { body } = await call<{ stage: string }>('GET', `/jobs/${jobId}`);
      return body.stage === 'film' && ffmpegs().length > 0;
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    const frozen = ffmpegs();
    for (const pid of frozen) process.kill(pid, 'SIGSTOP');
    const began = performance.now();
    await eventually('the frozen one to be dead', async () => ffmpegs().every((pid) => !frozen.includes(pid)), {
      seconds: 15,
    });
    expect(performance.now() - began).toBeLessThan(10_000);
    await eventually('the stage to be tried again', async () => {
      const { body } = await call<{
        stages: { name: string; attempts: { outcome: string; error: { code: string } | null }[] }[];
      }>('GET', `/jobs/${jobId}`);
      const { attempts } = body.stages.find(({ name }) => name === 'film')!;
      return attempts[0]?.error?.code === 'no_progress' && attempts.length > 1;
    });
    await call('POST', `/jobs/${jobId}/cancel`);
  });

  test.skipIf(inject('redisUrl') === '')('F23 K3: everything that Redis forgot is added again', async () => {
    const made = await Promise.all(Array.from({ length: 3 }, () => finishDream(call, SHORT)));
    const redis = new Redis(product.queue.url);
    const keys = await redis.keys(`*${product.queue.prefix}*`);
    expect(keys.length).toBeGreaterThan(0);
    await redis.del(...keys);
    await product.startWorker();
    for (const { jobId } of made) {
      await eventually(
        'a worker to have it again',
        async () => (await call<{ status: string }>('GET', `/jobs/${jobId}`)).body.status === 'processing',
        { seconds: 20 },
      );
      await call('POST', `/jobs/${jobId}/cancel`);
    }
    redis.disconnect();
  });
});
