import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildSegmentKey } from '@reverie/contracts';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { jobIdOf } from '../../../apps/api/src/jobs/arrive.ts';
import { withClient } from '../../support/database.ts';
import { eventually } from '../../support/eventually.ts';
import { productOfFile } from '../../support/product-of-file.ts';
import { s3Event, s3Record, TEST_EVENT } from '../../support/s3-event.ts';
import { sourceTotals } from '../../support/source-totals.ts';
import { sqlOf } from '../../support/sql.ts';
import { startSqs } from '../../support/sqs.ts';
import { tasksOf } from '../../support/tasks.ts';

const sqs = await startSqs();
afterAll(() => sqs[Symbol.asyncDispose]());
const TRIES = 2;
const queue = await sqs.queue({ tries: TRIES, hiddenSeconds: 1 });
const fifo = await sqs.queue({ name: 'jobs.fifo', tries: TRIES, hiddenSeconds: 1 });
const { product, call } = await productOfFile({
  env: { ...sqs.env, JOB_SOURCES: 'sqs', SOURCE_OWNER: 'ann', AWS_SQS_QUEUE_URL: `${queue.url}, ${fifo.url}` },
});
const sql = sqlOf(product);

const selftest = (name: string, more: object = {}) => ({
  pipeline: 'selftest',
  input: {},
  metadata: { name },
  ...more,
});
const jobsWith = (name: string) => sql<{ id: string }>(`select * from jobs where metadata ->> 'name' = $1`, [name]);
const jobWith = (name: string) => eventually(`a job named ${name}`, async () => (await jobsWith(name))[0]);
const emptied = (it = queue) => eventually('the queue to be empty', it.isEmpty);
/** How much more has been counted when the work is done. */
async function counted(work: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await sourceTotals(call);
  await work();
  const after = Object.entries(await sourceTotals(call)).map(([name, n]) => [name, n - (before[name] ?? 0)] as const);
  return Object.fromEntries(after.filter(([, n]) => n > 0));
}

describe('F8 C3: jobs in envelopes', () => {
  test('a message becomes a job with all that its envelope says, and is deleted', async () => {
    const deadline = '2999-01-01T00:00:00Z';
    const [id] = await queue.send(selftest('all', { priority: 'high', held: true, deadline }));
    expect(await jobWith('all')).toMatchObject({
      owner: 'ann',
      idempotency_key: `sqs:${id}`,
      priority: 'high',
      held: true,
      status: 'queued',
      deadline: new Date(deadline),
    });
    await emptied();
    expect(await queue.deadLetters()).toEqual([]);
  });

  test('two messages with one key are one job; another job under that key is refused', async () => {
    const totals = await counted(async () => {
      await queue.send(selftest('one key', { idempotency_key: 'k' }), selftest('one key', { idempotency_key: 'k' }));
      await emptied();
      await queue.send(selftest('another', { idempotency_key: 'k' }));
      expect(await eventually('the message to be set aside', firstDead)).toContain('another');
    });
    expect(await jobsWith('one key')).toHaveLength(1);
    expect(await jobsWith('another')).toHaveLength(0);
    expect(totals).toEqual({ 'sqs accepted': 1, 'sqs known': 1, 'sqs rejected': TRIES });
  });

  test('a FIFO queue is a queue', async () => {
    await fifo.send(selftest('first'), { pipeline: 'none' }, selftest('second'));
    await jobWith('first');
    await jobWith('second');
    await eventually('the bad one to be set aside', async () => (await fifo.deadLetters())[0]);
    await emptied(fifo);
  });

  test('a job that has waited in the queue beyond its time comes in and ends by its own rule', async () => {
    await queue.send(selftest('late', { start_by: '2001-01-01T00:00:00Z' }));
    const late = await eventually('the job to end', async () => {
      const [job] = await jobsWith('late');
      return job && ((await call<{ error: { code: string } | null }>('GET', `/jobs/${job.id}`)).body.error ?? false);
    });
    expect(late.code).toBe('not_started_in_time');
  });
});

const firstDead = async () => (await queue.deadLetters())[0];

test('what can never be taken goes to the dead letters after its tries, holds up nobody and is counted', async () => {
  const poison = [
    'no JSON at all',
    '',
    '[]',
    'null',
    { pipeline: 'no such' },
    { pipeline: 'selftest' },
    { pipeline: 'selftest', input: [] },
    { pipeline: 'captions', input: { sourceUrl: 'no address' } },
    selftest('strange field', { wish: 'a pony' }),
    selftest('strange time', { deadline: 'tomorrow' }),
    selftest('inner address', { callback_url: 'http://127.0.0.1/' }),
    selftest('NUL \0', { metadata: { name: 'NUL \0' } }),
    { Records: 'none' },
  ].filter((body) => body !== ''); // SQS has no empty messages
  const dead: string[] = [];
  const totals = await counted(async () => {
    await queue.send(...poison.slice(0, 6), selftest('between'), ...poison.slice(6));
    await jobWith('between');
    await eventually('all of them to be set aside', async () => {
      dead.push(...(await queue.deadLetters()));
      return dead.length >= poison.length;
    });
  });
  const sent = poison.map((body) => (typeof body === 'string' ? body : JSON.stringify(body)));
  expect(dead.toSorted()).toEqual(sent.toSorted());
  expect(totals).toEqual({ 'sqs accepted': 1, 'sqs rejected': poison.length * TRIES });
  await emptied();
  expect(product.log()).toContain('/wish there is no such field');
});

describe('F8 D1–D8: raw S3 events', () => {
  const key = (jobId: string, index: number, total = 3) => buildSegmentKey({ jobId, index, total, mode: 'sbs' });

  test('ten times the same event is one job, one part of which no longer waits', async () => {
    const name = `film ${randomUUID()} ä+b`;
    const event = s3Event(s3Record('videos', key(name, 1)));
    const totals = await counted(async () => {
      await queue.send(...Array.from({ length: 10 }, () => event));
      await emptied();
    });
    expect(totals).toEqual({ 'sqs accepted': 1, 'sqs known': 9 });
    const tasks = await sql(`select part, awaited from tasks where job_id = $1 and stage = 'model' order by part`, [
      jobIdOf(name),
    ]);
    expect(tasks).toEqual([
      { part: 0, awaited: true },
      { part: 1, awaited: false },
      { part: 2, awaited: true },
    ]);
    const { body } = await call<{ pipeline: string; owner?: string }>('GET', `/jobs/${jobIdOf(name)}`);
    expect(body.pipeline).toBe('segments');
  });

  test('one message carries several records; what is no segment is skipped, and the message is done with', async () => {
    const name = randomUUID();
    const totals = await counted(async () => {
      await queue.send(
        s3Event(
          s3Record('videos', key(name, 0)),
          s3Record('videos', `input/${name}/source.mp4`),
          s3Record('videos', key(name, 2)),
          s3Record('videos', key(name, 1), 'ObjectRemoved:Delete'),
          { eventName: 'ObjectCreated:Put' },
        ),
        TEST_EVENT,
        s3Event(),
      );
      await emptied();
    });
    expect(totals).toEqual({ 'sqs accepted': 2, 'sqs skipped': 3 });
    expect((await tasksOf(product, name)).filter(({ stage }) => stage === 'model')).toHaveLength(3);
  });

  test('a segment that contradicts its job is set aside; the other records of its message are not lost', async () => {
    const name = randomUUID();
    const totals = await counted(async () => {
      await queue.send(s3Event(s3Record('videos', key(name, 0))));
      await emptied();
      await queue.send(s3Event(s3Record('videos', key(name, 1, 5)), s3Record('videos', key(name, 1))));
      await eventually('the message to be set aside', firstDead);
    });
    expect(totals).toEqual({ 'sqs accepted': 2, 'sqs known': TRIES - 1, 'sqs rejected': TRIES });
    expect(product.log()).toContain('its job has another total, mode or owner');
  });
});

describe('what may pass', () => {
  test('a message stays hidden from others however long its commit takes', async () => {
    const seen: unknown[] = [];
    await withClient(product.databaseUrl, async (client) => {
      await client.query('begin; lock table jobs in exclusive mode');
      await queue.send(selftest('slow'), selftest('behind it'));
      await eventually('both to be taken', async () => (await queue.counts()).hidden === 2);
      // Three times as long as the queue would hide them, and less than a statement may take.
      for (const end = Date.now() + 3_000; Date.now() < end; await sleep(100)) seen.push(await queue.receive());
      await client.query('commit');
    });
    expect(seen.filter(Boolean)).toEqual([]);
    await emptied();
    expect([await jobsWith('slow'), await jobsWith('behind it')].map(({ length }) => length)).toEqual([1, 1]);
  });

  test('with the database away messages wait in the queue, and hardly spend their tries', async () => {
    const name = new URL(product.databaseUrl).pathname.slice(1);
    const allow = (yes: boolean) =>
      withClient(inject('postgresUrl'), (client) =>
        client
          .query(`alter database ${name} allow_connections ${yes}`)
          .then(() =>
            client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]),
          ),
      );
    await allow(false);
    try {
      await queue.send(...Array.from({ length: 5 }, (_, n) => selftest(`outage ${n}`)));
      // Longer than it would take for all tries.
      await sleep(TRIES * 1_000 + 1_500);
    } finally {
      await allow(true);
    }
    for (let n = 0; n < 5; n++) await jobWith(`outage ${n}`);
    await emptied();
    expect(await queue.deadLetters()).toEqual([]);
  });

  test('with the queue away nothing happens, and when it is back it goes on', async () => {
    sqs.wire.become({ kind: 'cut' });
    await queue.send(selftest('while it was away'));
    await sleep(500);
    expect(await jobsWith('while it was away')).toEqual([]);
    sqs.wire.heal();
    await jobWith('while it was away');
    await emptied();
  });
});
