import { findJob, openDatabase } from '@reverie/db';
import { afterAll, describe, expect, test } from 'vitest';
import { explain } from '../../apps/api/src/jobs/explain.ts';
import { withClient } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { productOfFile } from '../support/product-of-file.ts';

const { product, call, wire } = await productOfFile();
const db = openDatabase({ url: product.databaseUrl, connections: 1, onError: () => {} });
afterAll(() => db.close());

interface Job {
  job_id: string;
  status: string;
  held: boolean;
  priority: string;
  queue_position?: number;
  error: { code: string } | null;
}
const submit = async (more: object = {}) =>
  (await call<Job>('POST', '/jobs', { pipeline: 'selftest', input: {}, ...more })).body;
const reason = async (id: string) =>
  (await call<{ because: Record<string, unknown>; sentence: string }>('GET', `/jobs/${id}/explain`)).body.because;
const sql = (text: string, values: unknown[] = []) =>
  withClient(product.databaseUrl, (client) => client.query(text, values));
const lane = (kind: string, name: string, body: object) => call('PUT', `/admin/lanes/${kind}/${name}`, body);

/** Waits until the dispatcher has done what it will do. */
const firstTask = async (id: string) =>
  (await sql('select * from tasks where job_id = $1', [id])).rows[0] as { id: string; status: string };
const dispatched = (id: string) =>
  eventually('its task to be dispatched', async () => (await firstTask(id)).status === 'dispatched');

describe('explain gives one reason with numbers (F44)', () => {
  test('no worker serves the fleet', async () => {
    const job = await submit();
    await dispatched(job.job_id);
    expect(await reason(job.job_id)).toMatchObject({ reason: 'no_worker', fleet: 'io', stage: 'write' });
    await call('POST', `/jobs/${job.job_id}/cancel`);
    expect(await reason(job.job_id)).toMatchObject({ reason: 'ended', status: 'cancelled' });
  });

  test('held, and released', async () => {
    const job = await submit({ held: true });
    expect(await reason(job.job_id)).toEqual({ reason: 'held' });
    expect((await firstTask(job.job_id)).status).toBe('waiting');
    await call('PATCH', `/jobs/${job.job_id}`, { held: false });
    await dispatched(job.job_id);
    await call('POST', `/jobs/${job.job_id}/cancel`);
  });

  test.each([
    ['pipeline', 'selftest'],
    ['fleet', 'io'],
    ['owner', 'local'],
  ])('F26: a paused %s, and resumed', async (kind, name) => {
    await lane(kind, name, { paused: true, reason: 'the disks are being changed' });
    const job = await submit();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(await reason(job.job_id)).toMatchObject({
      reason: 'paused',
      kind,
      name,
      because: 'the disks are being changed',
    });
    await lane(kind, name, { paused: false });
    await dispatched(job.job_id);
    await call('POST', `/jobs/${job.job_id}/cancel`);
  });

  test('running, waiting for a retry, next', async () => {
    await wire.signed('/reports/workers', 'sign.1', {
      worker: 'wire',
      fleets: [{ fleet: 'io', slots: 4, busy: 0 }],
      stopping: false,
    });
    const job = await submit();
    await dispatched(job.job_id);
    expect(await reason(job.job_id)).toMatchObject({ reason: 'next', fleet: 'io' });
    const away = { check: () => Promise.reject(new Error('connect ECONNREFUSED')) };
    const { because } = await explain(db, { queue: away }, (await findJob(db, job.job_id))!);
    expect(because).toEqual({ reason: 'queue_away', stage: 'write', part: 0 });
    const task = await firstTask(job.job_id);
    await wire.claim(task.id);
    expect(await reason(job.job_id)).toMatchObject({ reason: 'running', worker: 'wire', attempt: 1 });
    const error = { code: 'provider_limit' as const, message: 'come back later', retry_after_seconds: 3_600 };
    const { body } = await wire.report({ taskId: task.id, attempt: 1 }, { status: 'failed', error });
    expect((body as { after_ms: number }).after_ms).toBe(3_600_000);
    expect(await reason(job.job_id)).toMatchObject({
      reason: 'retry_wait',
      failures: 0,
      limit: 3,
      code: 'provider_limit',
    });
    await call('POST', `/jobs/${job.job_id}/cancel`);
  });

  test('behind others, at the owner’s cap, and how far back', async () => {
    await lane('owner', 'local', { cap: 1 });
    const made = [await submit(), await submit(), await submit({ priority: 'high' })];
    await dispatched(made[0]!.job_id);
    expect(await reason(made[1]!.job_id)).toMatchObject({ reason: 'owner_cap', owner: 'local', in_flight: 1, cap: 1 });
    const position = async (id: string) => (await call<Job>('GET', `/jobs/${id}`)).body.queue_position;
    expect([await position(made[2]!.job_id), await position(made[1]!.job_id)]).toEqual([1, 2]);
    await lane('owner', 'local', { cap: null });
    for (const { job_id } of made) await call('POST', `/jobs/${job_id}/cancel`);
  });
});

describe('F18: deadlines', () => {
  test('not begun by its start-by', async () => {
    await lane('fleet', 'io', { paused: true });
    const job = await submit({ start_by: new Date(Date.now() + 300).toISOString() });
    const ended = await eventually('it to fail', async () => {
      const { body } = await call<Job>('GET', `/jobs/${job.job_id}`);
      return body.status === 'failed' && body;
    });
    expect(ended.error?.code).toBe('not_started_in_time');
    await lane('fleet', 'io', { paused: false });
  });

  test('not finished by its deadline, though it runs; its worker’s report is stale then', async () => {
    const job = await submit({ deadline: new Date(Date.now() + 800).toISOString() });
    const task = await firstTask(job.job_id);
    expect((await wire.claim(task.id)).status).toBe(200);
    const ended = await eventually('it to fail', async () => {
      const { body } = await call<Job>('GET', `/jobs/${job.job_id}`);
      return body.status === 'failed' && body;
    });
    expect(ended.error?.code).toBe('job_timeout');
    expect((await wire.report({ taskId: task.id, attempt: 1 }, { status: 'released' })).status).toBe(409);
    expect((await call('POST', `/jobs/${job.job_id}/retry`)).status).toBe(202);
    await call('POST', `/jobs/${job.job_id}/cancel`);
  });
});

test('F13: priority can be changed while it waits', async () => {
  await lane('fleet', 'io', { paused: true });
  const [low, other] = [await submit({ priority: 'low' }), await submit()];
  expect((await call<Job>('GET', `/jobs/${low.job_id}`)).body.queue_position).toBe(2);
  expect((await call<Job>('PATCH', `/jobs/${low.job_id}`, { priority: 'high' })).body.queue_position).toBe(1);
  for (const { job_id } of [low, other]) await call('POST', `/jobs/${job_id}/cancel`);
  expect((await call('PATCH', `/jobs/${low.job_id}`, { priority: 'low' })).status).toBe(409);
  await lane('fleet', 'io', { paused: false });
});

test('F22: the failed are listed and retried by filter, after a dry run', async () => {
  const jobs = await Promise.all([submit(), submit(), submit()]);
  for (const [i, { job_id }] of jobs.entries()) {
    const task = await firstTask(job_id);
    await wire.claim(task.id);
    const error = { code: i < 2 ? ('media_unreadable' as const) : ('input_invalid' as const), message: 'no' };
    await wire.report({ taskId: task.id, attempt: 1 }, { status: 'failed', error });
  }
  const filter = { pipeline: 'selftest', code: 'media_unreadable' };
  const dry = await call('POST', '/jobs/retry', { ...filter, dry_run: true });
  expect(dry.body).toEqual({ matched: 2, retried: [], dry_run: true });
  const { body } = await call<{ retried: string[] }>('POST', '/jobs/retry', filter);
  expect(body.retried.sort()).toEqual([jobs[0]!.job_id, jobs[1]!.job_id].sort());
  expect((await call('POST', '/jobs/retry', { ...filter, dry_run: true })).body).toMatchObject({ matched: 0 });
});
