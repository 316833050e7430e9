import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { linkSigner, openStore } from '@reverie/storage';
import { expect, test } from 'vitest';
import { clientOf } from '../../support/client.ts';
import { eventually } from '../../support/eventually.ts';
import { fakePod } from '../../support/fake-pod.ts';
import { podLedger } from '../../support/pod-behaviour.ts';
import { startProduct } from '../../support/product.ts';
import { taskOf } from '../../support/tasks.ts';
import { givenTwice, podStorm, wasteOf } from '../pods/storm.ts';
import { rngOf, runSeed } from '../support/rng.ts';

test('T12, small: pods misbehave in seven ways and a worker is killed; no run is lost, and none is begun in vain', async () => {
  const seed = runSeed();
  const storm = await podStorm({
    ...{ rng: rngOf(seed), runs: 10, pods: 14, workers: 2 },
    ...{ timeoutSeconds: 2, pollSeconds: 0.2, leaseSeconds: 2, killEveryMs: 3_000 },
  });
  const why = `REVERIE_SEED=${seed}: ${JSON.stringify(storm)}`;
  expect(storm.lost, why).toEqual([]);
  expect(givenTwice(storm), why).toEqual([]);
  for (const waste of Object.values(wasteOf(storm))) expect(waste, why).toBeLessThanOrEqual(1.01);
});

test('a worker that stops leaves the run to the next one; a job that is cancelled takes it off the pod', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'reverie-pods-'));
  const store = openStore({
    kind: 'fs',
    dir,
    links: linkSigner({ secret: 'x'.repeat(24), baseUrl: 'http://nowhere' }),
  });
  await store.put('posts/1/master.m3u8', Readable.from(['#EXTM3U\n']), { contentType: 'x' });
  const ledger = podLedger();
  await using pod = await fakePod({ store, ledger, workMs: 5_000, fetches: true });
  const env = { STORAGE_DIR: dir, VL_POD_RUN_URL: pod.url, VL_POD_POLL_SECONDS: '0.2', WORKER_FLEETS: 'gpu' };
  await using product = await startProduct({ env });
  const call = clientOf(product.url);
  const submit = async () => {
    const input = { inputKey: 'posts/1/master.m3u8' };
    const { body } = await call<{ job_id: string }>('POST', '/jobs', { pipeline: 'subtitles', input });
    return body.job_id;
  };
  const first = await product.startWorker();

  const kept = await submit();
  await eventually('the pod to be at work', async () => ledger.jobs.get(kept)?.begun === 1);
  await first.stop('SIGTERM');
  await product.startWorker();
  await eventually('it to be completed', async () => {
    const { body } = await call<{ status: string }>('GET', `/jobs/${kept}`);
    return body.status === 'completed';
  });
  expect(ledger.jobs.get(kept)).toEqual({ begun: 1, needed: 1 });
  expect(pod.asked.filter((line) => /POST|DELETE/.test(line))).toEqual(['POST /run']);
  expect(await taskOf(product, kept, 'pod')).toMatchObject({ attempt: 2, failures: 0, crashes: 0 });

  const cancelled = await submit();
  await eventually('the pod to be at work', async () => ledger.jobs.get(cancelled)?.begun === 1);
  await call('POST', `/jobs/${cancelled}/cancel`);
  const calledOff = async () => pod.asked.includes(`DELETE /run/${cancelled}`);
  await eventually('the pod to be told', calledOff, { seconds: 2 });
  await product.stopWorkers();
  await rm(dir, { recursive: true });
});
