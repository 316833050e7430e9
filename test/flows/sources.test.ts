import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { buildSegmentKey } from '@reverie/contracts';
import { afterAll, describe, expect, test } from 'vitest';
import { jobIdOf } from '../../apps/api/src/jobs/arrive.ts';
import { clientOf } from '../support/client.ts';
import { withClient } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Product, startProduct } from '../support/product.ts';
import { startReplica } from '../support/replica.ts';
import { s3Event, s3Record } from '../support/s3-event.ts';
import { signedWebhook } from '../support/signed-webhook.ts';
import { sqlOf } from '../support/sql.ts';
import { startSqs } from '../support/sqs.ts';
import { tasksOf } from '../support/tasks.ts';
import { segmentWorker } from '../support/wire-segments.ts';
import { wireWorker } from '../support/wire-worker.ts';

const sqs = await startSqs();
afterAll(() => sqs[Symbol.asyncDispose]());

const selftest = (name: string) => ({ pipeline: 'selftest', input: {}, metadata: { name } });
const names = (of: string, many: number) => Array.from({ length: many }, (_, n) => `${of} ${n}`);

/** How often each name has a job, and each job was let in: all of them once, when all is well. */
async function ledger(product: Product, wanted: readonly string[]) {
  const rows = await sqlOf(product)<{ name: string; admitted: boolean; queued: number; tasks: number }>(`
    select metadata ->> 'name' as name, admitted,
      (select count(*)::int from events e where e.job_id = j.id and e.type = 'job.queued') as queued,
      (select count(*)::int from tasks t where t.job_id = j.id) as tasks
    from jobs j`);
  const good = rows.filter(({ admitted, queued, tasks }) => admitted && queued === 1 && tasks > 0);
  const seen = good.map(({ name }) => name).toSorted();
  return { complete: rows.length === good.length && seen.length >= wanted.length, seen };
}
const settled = (product: Product, wanted: readonly string[]) =>
  eventually('every job to be there', async () => {
    const { complete, seen } = await ledger(product, wanted);
    return complete && seen;
  });

describe('all sources at once, while APIs come and go', () => {
  test('of 300 messages, rows and webhooks each is one job, however the API ends in the middle of them', async () => {
    const secret = `whsec_${randomBytes(32).toString('base64')}`;
    const queue = await sqs.queue({ tries: 20, hiddenSeconds: 1 });
    await using product = await startProduct({
      env: {
        ...sqs.env,
        JOB_SOURCES: 'sqs,webhook,postgres',
        AWS_SQS_QUEUE_URL: queue.url,
        WEBHOOK_SECRET: secret,
      },
    });
    const sql = sqlOf(product);
    const jobs = async () => (await sql<{ n: number }>('select count(*)::int as n from jobs where admitted'))[0]!.n;
    const wanted = ['message', 'row', 'webhook'].map((of) => names(of, 100));
    const [messages, , webhooks] = wanted as [string[], string[], string[]];

    // A sender as it should be: it comes again until it has been answered.
    const call = clientOf(product.url);
    const push = async (name: string): Promise<void> => {
      const text = JSON.stringify(selftest(name));
      for (;;) {
        const { status } = await call('POST', '/webhooks/jobs', text, signedWebhook(secret, text, { id: name })).catch(
          () => ({ status: 0 }),
        );
        if (status === 200 || status === 202) return;
        await sleep(50);
      }
    };
    const burst = Promise.all([
      queue.send(...messages.map(selftest)),
      sql(
        `insert into jobs (pipeline, input, metadata) select 'selftest', '{}', jsonb_build_object('name', 'row ' || n)
         from generate_series(0, 99) n`,
      ),
      ...webhooks.map(push),
    ]);
    const ends: (number | string)[] = [];
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      const before = await jobs();
      await eventually('the burst to be under way', async () => (await jobs()) > before + 20);
      ends.push(await product.api.stop(signal));
      await product.startApi();
    }
    await burst;
    expect(await settled(product, wanted.flat())).toEqual(wanted.flat().toSorted());
    await eventually('the queue to be empty', queue.isEmpty);
    expect(await queue.deadLetters()).toEqual([]);
    expect(ends).toEqual([0, 'SIGKILL']);
  });

  test('1,000 rows that were written while nothing ran, and two APIs that come up together', async () => {
    await using product = await startProduct();
    await product.api.stop();
    await sqlOf(product)(
      `insert into jobs (pipeline, input, metadata) select 'selftest', '{}', jsonb_build_object('name', 'row ' || n)
       from generate_series(0, 999) n`,
    );
    const [replica] = await Promise.all([startReplica(product), product.startApi()]);
    await using _ = replica;
    const wanted = names('row', 1_000).toSorted();
    expect(await settled(product, wanted)).toEqual(wanted);
    // Nobody starves: the last of them came in, and REST was answered meanwhile.
    expect((await clientOf(replica.url)('GET', '/jobs')).body).toMatchObject({ total: 1_000 });
  });
});

test('an SQS that is started anew and has forgotten everything: the source goes on when its queue is there again', async () => {
  const forgetful = await startSqs();
  try {
    const queue = await forgetful.queue({ name: 'again' });
    await using product = await startProduct({
      env: { ...forgetful.env, JOB_SOURCES: 'sqs', AWS_SQS_QUEUE_URL: queue.url },
    });
    const wanted = names('message', 50);
    const bodies = wanted.map((name) => ({ ...selftest(name), idempotency_key: name }));
    await queue.send(...bodies);
    await eventually('some of them', async () => (await ledger(product, [])).seen.length > 5);
    await forgetful.startAnew();
    await eventually('the loss to be noticed', async () => product.log().includes('messages cannot be taken just now'));
    // Whoever sent them sends them again, under the same keys.
    const another = await forgetful.queue({ name: 'again' });
    await another.send(...bodies);
    expect(await settled(product, wanted)).toEqual(wanted.toSorted());
    await eventually('the queue to be empty', another.isEmpty);
  } finally {
    await forgetful[Symbol.asyncDispose]();
  }
});

test('F35: segments that others upload, announced over SQS and HTTP, in any order and more than once', async () => {
  const queue = await sqs.queue();
  await using product = await startProduct({
    env: {
      ...sqs.env,
      JOB_SOURCES: 'sqs',
      SQS_ENDPOINT: '',
      AWS_ENDPOINT_URL: sqs.endpoint,
      AWS_SQS_QUEUE_URL: queue.url,
      S3_BUCKET: 'outputs',
      INPUT_BUCKET_NAME: 'inputs',
    },
  });
  const s3 = new S3Client({ ...sqs.access, endpoint: sqs.endpoint, forcePathStyle: true });
  for (const Bucket of ['inputs', 'outputs']) await s3.send(new CreateBucketCommand({ Bucket }));
  const call = clientOf(product.url);
  const worker = segmentWorker(product, wireWorker(product.url, product.reportSecret));
  const name = 'a film/ä'.replace('/', ' ');
  const total = 12;
  const id = jobIdOf(name);
  const keys = Array.from({ length: total }, (_, index) => buildSegmentKey({ jobId: name, index, total, mode: 'sbs' }));
  const order = [7, 3, 11, 0, 5, 1, 9, 2, 10, 4, 8, 6];

  await Promise.all(
    [...order, ...order.toReversed()].map(async (index, n) => {
      const key = keys[index]!;
      await s3.send(new PutObjectCommand({ Bucket: 'inputs', Key: key, Body: `segment ${index}` }));
      const event = s3Event(s3Record('inputs', key));
      if (n % 3 === 0) expect((await call('POST', '/segments/events', event)).status).toBe(200);
      else await queue.send(event);
    }),
  );
  await eventually('the queue to be empty', queue.isEmpty);
  const parts = await tasksOf(product, id);
  expect(parts.filter(({ stage }) => stage === 'model')).toHaveLength(total);
  const { body } = await call<{ segments: { state: string }[] }>('GET', `/jobs/${id}/segments`);
  expect(body).toMatchObject({ job_id: name, total_segments: total, completed: 0 });
  expect(new Set(body.segments.map(({ state }) => state))).toEqual(new Set(['waiting']));

  for (const index of order.slice(0, -2)) expect(await worker.model(id, index, { name })).toBe('accepted');
  await Promise.all(order.slice(-2).map((index) => worker.model(id, index, { name })));
  // Late news changes nothing.
  await queue.send(s3Event(s3Record('inputs', keys[0]!)));
  await eventually('the queue to be empty', queue.isEmpty);
  expect((await tasksOf(product, id)).filter(({ stage }) => stage === 'reassemble')).toHaveLength(1);
  expect(await worker.reassemble(id, { name })).toBe('accepted');
  const rows = await withClient(product.databaseUrl, async (client) =>
    client.query('select segment_index, output_s3_uri from segment_completions where job = $1 order by 1', [id]),
  );
  expect(rows.rows).toEqual(
    keys.map((_, index) => ({
      segment_index: index,
      output_s3_uri: `s3://outputs/jobs/${name}/segments/${index}.mp4`,
    })),
  );
  expect((await call('GET', `/jobs/${id}`)).body.status).toBe('completed');
});
