import { openDatabase } from '@reverie/db';
import { describe, expect, test } from 'vitest';
import type { Life } from '../../apps/api/src/jobs/life.ts';
import { takePodFor } from '../../apps/api/src/jobs/take-pod.ts';
import { productOfFile } from '../support/product-of-file.ts';
import { taskOf } from '../support/tasks.ts';
import { PODS } from '../support/wire-pods.ts';

const { product, call, wire } = await productOfFile({ env: PODS });

/** A claimed attempt at a run, and how it asks for pods. */
async function attempt() {
  const { body: job } = await call<{ job_id: string }>('POST', '/jobs', {
    pipeline: 'subtitles',
    input: { inputKey: 'posts/1/master.m3u8' },
  });
  const jobId = job.job_id;
  const { id: taskId } = await taskOf(product, jobId, 'pod');
  const claimed = async () => (await wire.claim(taskId)).body.attempt;
  const at = { taskId, attempt: await claimed() };
  const take = (...pods: string[]) =>
    wire.signed<{ pod: string | null; code?: string }>(`/reports/${taskId}/pod`, `${taskId}.${at.attempt}.pod`, {
      attempt: at.attempt,
      pods,
    });
  return {
    jobId,
    at,
    take,
    pod: async (...pods: string[]) => (await take(...pods)).body.pod,
    /** Another worker takes over. */
    again: async () => {
      at.attempt = await claimed();
    },
    report: (report: Parameters<typeof wire.report>[1]) => wire.report(at, report),
  };
}

const FAILED = { status: 'failed', error: { code: 'pod_failed', message: 'no' } } as const;

describe('one task at a pod, over all workers', () => {
  test('the second waits; the first gets the same again, also when another worker has it', async () => {
    const [first, second] = [await attempt(), await attempt()];
    expect(await first.pod('a1')).toBe('a1');
    expect(await second.pod('a1')).toBeNull();
    expect(await second.pod('a1', 'a2')).toBe('a2');
    expect(await first.pod('a3', 'a1')).toBe('a1');
    await first.again();
    expect(await second.pod('a1')).toBeNull();
    expect(await first.pod('a3', 'a1')).toBe('a1');
  });

  test('who takes another one lets go of the one before', async () => {
    const [first, second] = [await attempt(), await attempt()];
    await first.pod('b1');
    expect(await first.pod('b2')).toBe('b2');
    expect(await second.pod('b1')).toBe('b1');
  });

  test('it is free when the task has failed, was handed back and taken elsewhere, or its job is cancelled', async () => {
    const [first, second, third] = [await attempt(), await attempt(), await attempt()];
    await first.pod('c1');
    await first.report({ status: 'released' });
    expect(await second.pod('c1')).toBeNull(); // the run may go on: whoever takes the task up finds it there
    await first.again();
    await first.report(FAILED);
    expect(await second.pod('c1')).toBe('c1');
    await call('POST', `/jobs/${second.jobId}/cancel`);
    expect(await third.pod('c1')).toBe('c1');
    const [vtt, hlsMaster] = ['x.vtt', 'x.m3u8'].map((key) => ({ key, bytes: 1, contentType: 'text/plain' }));
    const manifest = { job_id: third.jobId, subtitle_vtt_url: 'x.vtt', subtitle_hls_master: 'x.m3u8' };
    const output = { manifest, response: null, pod: 'c1', vtt, hlsMaster, prefix: 'p' };
    expect((await third.report({ status: 'completed', output })).body).toEqual({ verdict: 'accepted' });
    expect(await (await attempt()).pod('c1')).toBe('c1');
  });

  test('the one that was longest without a run comes first', async () => {
    const used: (string | null)[] = [];
    for (let n = 0; n < 4; n++) {
      const it = await attempt();
      used.push(await it.pod('d1', 'd2', 'd3'));
      await it.report(FAILED);
    }
    expect(used).toEqual(['d1', 'd2', 'd3', 'd1']);
  });

  test('an attempt that is not the current one is told so, and unsigned words are none', async () => {
    const it = await attempt();
    const { taskId, attempt: first } = it.at;
    await it.again();
    const late = await wire.signed<{ code?: string }>(`/reports/${taskId}/pod`, `${taskId}.${first}.pod`, {
      attempt: first,
      pods: ['e1'],
    });
    expect([late.status, late.body.code]).toEqual([409, 'stale']);
    const unsigned = await call('POST', `/reports/${taskId}/pod`, { attempt: 2, pods: ['e1'] }, { 'webhook-id': 'x' });
    expect(unsigned.status).toBeGreaterThanOrEqual(400);
    await call('POST', `/jobs/${it.jobId}/cancel`);
    expect((await it.take('e1')).status).toBe(409);
  });
});

test('of 1,000 races of two tasks for one pod, none gives it to both', async () => {
  const db = openDatabase({ url: product.databaseUrl, connections: 2, onError: () => {} });
  const life = { reports: db } as Life;
  const tasks = await Promise.all([attempt(), attempt()]);
  const wrong: unknown[] = [];
  for (let race = 0; race < 1_000; race++) {
    const given = await Promise.all(tasks.map(({ at }) => takePodFor(life, at, [`race ${race}`])));
    const got = given.filter((answer) => answer?.pod != null);
    if (got.length !== 1) wrong.push(given);
  }
  await db.close();
  expect(wrong).toEqual([]);
});
