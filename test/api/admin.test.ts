import { existsSync, readdirSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EMPTIED } from '@reverie/db';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withClient } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { productOfFile } from '../support/product-of-file.ts';
import { startService } from '../support/service.ts';

const service = await startService();
afterAll(() => service[Symbol.asyncDispose]());
const { product, call, wire } = await productOfFile({
  env: {
    ALLOW_FACTORY_RESET: 'true',
    AUDIO_NORMALIZATION_URL: service.url,
    CACHE_TTL_HOURS: '12',
    NODE_ENV: 'staging',
  },
});

interface Job {
  job_id: string;
  status: string;
}
interface Cleaned {
  message: string;
  jobs_removed: number;
  logs_cleaned: boolean;
  files_removed: number;
  bytes_freed: number;
  dry_run: boolean;
  more: boolean;
}
const sql = async <Row = Record<string, unknown>>(text: string, values: unknown[] = []): Promise<Row[]> =>
  (await withClient(product.databaseUrl, (client) => client.query(text, values))).rows;
const submit = async (more: object = {}) =>
  (await call<Job>('POST', '/jobs', { pipeline: 'selftest', input: { parts: 2 }, ...more })).body.job_id;
const ended = (id: string) =>
  eventually('the job to complete', async () => (await call<Job>('GET', `/jobs/${id}`)).body.status === 'completed');
const done = async () => {
  const id = await submit();
  await ended(id);
  return id;
};
const age = (id: string, hours = 48) =>
  sql('update jobs set ended_at = now() - make_interval(hours => $2) where id = $1', [id, hours]);
const cleanup = async (query = '') => (await call<Cleaned>('POST', `/admin/cleanup${query}`)).body;
const at = (key: string) => join(product.dir, 'artifacts', key);
const keep = async (key: string) => {
  await mkdir(dirname(at(key)), { recursive: true });
  await writeFile(at(key), 'x'.repeat(10));
};
const isThere = async (id: string) => (await sql('select from jobs where id = $1', [id])).length === 1;
const artifactOf = async (id: string) =>
  (await sql<{ key: string }>('select key from artifacts where job_id = $1', [id]))[0]!.key;

beforeAll(async () => void (await product.startWorker()));

describe('E51–E61: GET /admin/stats', () => {
  test('the document’s answer, and ours beside it', async () => {
    await done();
    const { body, status } = await call('GET', '/admin/stats');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      orchestrator: { version: expect.stringMatching(/^\d+\.\d+/), environment: 'staging' },
      redis: { total_jobs: 1, active_jobs: 0, completed_jobs: 1, memory_usage: expect.stringMatching(/^\d+\.\dMB$/) },
      settings: { cache_ttl_hours: 12, job_timeout_minutes: 1_440, poll_interval: 3, max_poll_attempts: 600 },
      jobs: { by_status: { completed: 1 }, by_pipeline: { selftest: { completed: 1 } }, failed: 0, success_rate: 1 },
      queues: { io: { waiting: 0, in_flight: 0, oldest_waiting_seconds: null } },
      storage: { artifacts: 1, bytes: 1_000, estimated: false },
    });
    const times = body.processing_times as { stage: string; attempts: number; p50: number; p95: number }[];
    expect(times.map(({ stage, attempts }) => [stage, attempts])).toEqual([
      ['check', 1],
      ['read', 2],
      ['write', 1],
    ]);
    for (const { p50, p95 } of times) expect(p50 > 0 && p95 >= p50).toBe(true);
  });

  test('what waits is counted with its age', async () => {
    await call('PUT', '/admin/lanes/fleet/io', { paused: true });
    const id = await submit();
    await sql("update tasks set created_at = now() - interval '90 seconds' where job_id = $1", [id]);
    const { body } = await call<{ queues: Record<string, { waiting: number; oldest_waiting_seconds: number }> }>(
      'GET',
      '/admin/stats',
    );
    expect(body.queues.io).toMatchObject({ waiting: 1 });
    expect(body.queues.io!.oldest_waiting_seconds).toBeGreaterThan(89);
    await call('PUT', '/admin/lanes/fleet/io', { paused: false });
    await ended(id);
  });
});

describe('E62–E66: POST /admin/cleanup', () => {
  test('removes what ended long ago with its files and nothing else; a dry run says so before', async () => {
    const [old, fresh] = await Promise.all([done(), done()]);
    await age(old);
    const [file, other] = [await artifactOf(old), await artifactOf(fresh)];
    const tasks = await sql<{ id: string }>('select id from tasks where job_id = $1', [old]);
    expect(await cleanup('?dry_run=true')).toMatchObject({
      jobs_removed: 1,
      files_removed: 1,
      bytes_freed: 1_000,
      dry_run: true,
    });
    expect([await isThere(old), existsSync(at(file))]).toEqual([true, true]);

    const cleaned = await cleanup();
    expect(cleaned).toMatchObject({ jobs_removed: 1, logs_cleaned: false, dry_run: false, more: false });
    expect(cleaned.message).toMatch(/Removed 1 jobs/);
    expect(cleaned.files_removed).toBe(2); // the file, and its task's note of it
    expect(cleaned.bytes_freed).toBeGreaterThan(1_000);
    expect([await isThere(old), existsSync(at(file)), existsSync(at(`jobs/${old}`))]).toEqual([false, false, false]);
    for (const { id } of tasks) expect(existsSync(at(`tasks/${id}`))).toBe(false);
    expect([await isThere(fresh), existsSync(at(other))]).toEqual([true, true]);
    expect(await sql('select from events where job_id = $1', [old])).toEqual([]);
    expect(await cleanup()).toMatchObject({ jobs_removed: 0, files_removed: 0, bytes_freed: 0 });

    const audit = await sql<{ owner: string; action: string; details: object }>('select * from audit order by seq');
    expect(audit.slice(0, 2)).toMatchObject([
      { owner: 'local', action: 'cleanup', details: { maxAgeHours: 24 } },
      { owner: 'local', action: 'cleanup done', details: { jobs: 1, files: 2 } },
    ]);
  });

  test('a file that another job was given stays until that one goes, too', async () => {
    const [first, second] = await Promise.all([done(), done()]);
    const file = await artifactOf(first);
    await sql('insert into artifacts select key, $2, stage, bytes, content_type from artifacts where job_id = $1', [
      first,
      second,
    ]);
    await age(first);
    expect(await cleanup()).toMatchObject({ jobs_removed: 1, files_removed: 1 });
    expect(existsSync(at(file))).toBe(true);
    await age(second);
    expect(await cleanup()).toMatchObject({ jobs_removed: 1 });
    expect(existsSync(at(file))).toBe(false);
  });

  test('not what runs, what a dream or a video shows, nor what a caller is still to be told', async () => {
    const [shown, seen, untold] = await Promise.all([done(), done(), done()]);
    const running = await submit({ held: true });
    const [dream] = await sql<{ id: string }>(
      "insert into dreams (owner, transcript, aspect, priority, video_job_id) values ('local', 'a', '16:9', 'low', $1) returning id",
      [shown],
    );
    const [video] = await sql<{ id: string }>(
      `insert into videos (owner, source_url, video_key) values ('local', 'https://a.example/b.mp4', $1) returning id`,
      [`jobs/${seen}/work/prepare/0/1/video.mp4`],
    );
    await sql('update jobs set subject = $2 where id = $1', [shown, dream!.id]);
    await sql('update jobs set subject = $2 where id = $1', [seen, video!.id]);
    await sql(
      `with e as (insert into endpoints (owner, url, secrets, job_id) values ('local', 'https://a.example', '{}', $1) returning id)
       insert into deliveries (endpoint_id, job_id, type, payload, due_at)
       select id, $1, 'job.completed', '{}', now() + interval '1 day' from e`,
      [untold],
    );
    const all = [shown, seen, untold, running];
    for (const id of all) await age(id);
    expect(await cleanup('?deep=true&max_age_hours=0.5')).toMatchObject({ jobs_removed: 0, files_removed: 0 });
    expect(await Promise.all(all.map(isThere))).toEqual([true, true, true, true]);

    await sql("update deliveries set status = 'given up' where job_id = $1", [untold]);
    await sql('update dreams set video_job_id = null');
    await sql('delete from videos');
    expect(await cleanup()).toMatchObject({ jobs_removed: 3 });
    expect(await sql('select from deliveries')).toEqual([]);
    await call('POST', `/jobs/${running}/cancel`);
  });

  test('files whose removal was interrupted go with the next; what belongs to a job stays', async () => {
    const alive = await done();
    const gone = crypto.randomUUID();
    await keep(`jobs/${gone}/work/read/0/1/late.bin`);
    for (const id of [gone, alive])
      await sql('insert into leftovers (prefix, until) values ($1, now())', [`jobs/${id}/`]);
    const late = crypto.randomUUID();
    await sql("insert into leftovers (prefix, until) values ($1, now() + interval '1 hour')", [`jobs/${late}/`]);
    await age(await done()); // something to do
    await cleanup();
    expect([existsSync(at(`jobs/${gone}`)), existsSync(at(await artifactOf(alive)))]).toEqual([false, true]);
    // Where something may still come it is looked at again.
    const left = await sql<{ prefix: string }>('select prefix from leftovers where due_at > now() order by until');
    expect(left.map(({ prefix }) => prefix)).toContain(`jobs/${late}/`);
    await keep(`jobs/${late}/work/read/0/1/late.bin`);
    await sql('update leftovers set due_at = now(), until = now()');
    await age(await done());
    await cleanup();
    expect(existsSync(at(`jobs/${late}`))).toBe(false);
  });

  test('what a stage left behind that was begun anew goes, too', async () => {
    const id = await submit({ input: { parts: 1, seconds: 60 } });
    const written = () =>
      sql<{ id: string }>("select id from tasks where job_id = $1 and stage = 'write' and status = 'completed'", [id]);
    await eventually('the first stage to end', async () => (await written()).length > 0);
    const [before] = await written();
    expect(existsSync(at(`tasks/${before!.id}`))).toBe(true);
    await call('POST', `/jobs/${id}/cancel`);
    await call('POST', `/jobs/${id}/retry`, { from: 'write' });
    await call('POST', `/jobs/${id}/cancel`);
    await cleanup();
    expect(existsSync(at(`tasks/${before!.id}`))).toBe(false);
  });

  test('two at once share the work, in batches', async () => {
    await sql(`insert into jobs (owner, pipeline, status, input, ended_at)
      select 'local', 'selftest', 'failed', '{}', now() - interval '2 days' from generate_series(1, 250)`);
    const both = await Promise.all([cleanup(), cleanup()]);
    expect(both.reduce((sum, { jobs_removed }) => sum + jobs_removed, 0)).toBe(250);
    expect(await sql("select from jobs where status = 'failed'")).toEqual([]);
  });

  test('deep takes the logs of what is kept, too', async () => {
    const id = await done();
    const tries = () => sql('select from attempts a join tasks t on t.id = a.task_id where t.job_id = $1', [id]);
    await sql("update attempts set ended_at = now() - interval '3 days'");
    await sql(
      "insert into workers (id, fleet, slots, busy, seen_at) values ('old', 'io', 1, 0, now() - interval '3 days')",
    );
    expect(await cleanup('?deep=true')).toMatchObject({
      logs_cleaned: true,
      message: expect.stringMatching(/delivery log/),
    });
    expect(await sql("select from workers where id = 'old'")).toEqual([]);
    expect(await tries()).toHaveLength(4); // its job ended just now
    await age(id);
    await sql('update dreams set video_job_id = $1', [id]);
    await sql('update jobs set subject = (select id from dreams) where id = $1', [id]);
    await cleanup('?deep=true');
    expect([await isThere(id), (await tries()).length]).toEqual([true, 0]);
  });

  test('what it does not understand, it does not do', async () => {
    for (const query of ['?max_age_hours=-1', '?max_age_hours=soon', '?deep=perhaps'])
      expect((await call('POST', `/admin/cleanup${query}`)).status).toBe(422);
  });
});

describe('E67: POST /admin/factory-reset', () => {
  const reset = (body: object = { confirm: 'factory-reset' }) => call('POST', '/admin/factory-reset', body);

  test('only with the word for it, and not while something runs', async () => {
    expect((await reset({})).status).toBe(422);
    expect((await reset({ confirm: 'yes' })).status).toBe(422);
    const id = await submit({ held: true });
    expect((await reset()).body).toMatchObject({ status: 409, code: 'still_working' });
    expect(await isThere(id)).toBe(true);
  });

  test('every table is either emptied or kept on purpose', async () => {
    const kept = ['abilities', 'api_keys', 'audit', 'endpoints', 'lanes', 'workers'];
    const rows = await sql<{ name: string }>("select tablename as name from pg_tables where schemaname = 'public'");
    expect(rows.map(({ name }) => name).sort()).toEqual([...EMPTIED, ...kept].sort());
  });

  test('empties rows, files and queues, tells the services, and work goes on after it', async () => {
    await sql("insert into endpoints (owner, url, secrets) values ('local', 'https://a.example/hook', '{}')");
    await sql(
      "insert into tasks (job_id, stage, fleet, owner, pipeline, rank, status) select id, 'download', 'io', owner, pipeline, 1, 'completed' from jobs limit 1",
    );
    await keep('dreams/x/video.mp4');
    await call('PUT', '/admin/lanes/fleet/cpu', { paused: true }); // so that nobody else takes the next one
    await call('PUT', '/admin/lanes/fleet/io', { paused: true });
    const stale = await submit();
    const [task] = await sql<{ id: string }>('select id from tasks where job_id = $1', [stale]);
    expect((await wire.claim(task!.id)).status).toBe(200);

    const followed = await fetch(`${product.url}/jobs/${stale}/stream`);
    const total = (await sql('select from jobs')).length;
    const { status, body } = await reset({ confirm: 'factory-reset', force: true });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      message: 'Factory reset of all services',
      orchestrator: { jobs_removed: total, logs_cleaned: true },
      microservices: {
        'video-downloader': { status: 'success', data: { files_removed: 0, tasks_purged: 1 } },
        'audio-normalization': { status: 'success', data: { files_removed: 45, tasks_purged: 20 } },
        'audio-transcriber': { status: 'success', data: { files_removed: 0, tasks_purged: 0 } },
        others: { status: 'success' },
      },
      warning: expect.any(String),
    });
    expect(
      (body.microservices as { others: { data: { files_removed: number } } }).others.data.files_removed,
    ).toBeGreaterThan(1);
    expect(service.asked).toEqual(['POST /admin/factory-reset']);
    expect(await followed.text()).toContain('event: ended\ndata: {"status":"deleted"');
    for (const table of EMPTIED.filter((name) => name !== 'leftovers'))
      expect(await sql(`select from ${table}`)).toEqual([]);
    expect(readdirSync(join(product.dir, 'artifacts'))).toEqual([]);
    expect(await sql('select url from endpoints')).toEqual([{ url: 'https://a.example/hook' }]);
    expect(await sql("select from audit where action like 'factory reset%'")).not.toHaveLength(0);

    // Whoever had not heard is refused, and what he leaves is swept later.
    expect((await wire.report({ taskId: task!.id, attempt: 1 }, { status: 'released' })).status).toBe(409);
    await call('PUT', '/admin/lanes/fleet/cpu', { paused: false });
    await call('PUT', '/admin/lanes/fleet/io', { paused: false });
    const next = await done();
    await keep(`jobs/${stale}/work/write/0/1/late.bin`);
    await sql('update leftovers set due_at = now(), until = now()');
    await age(await done());
    await cleanup();
    expect([existsSync(at(`jobs/${stale}`)), existsSync(at(await artifactOf(next)))]).toEqual([false, true]);
  });
});
