import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { buildSegmentKey } from '@reverie/contracts';
import { afterAll, describe, expect, test } from 'vitest';
import { jobIdOf } from '../../apps/api/src/jobs/arrive.ts';
import { allAtOnce } from '../reliability/sources/all-at-once.ts';
import { insertNamed, ledger, named, names, settled } from '../reliability/sources/ledger.ts';
import { clientOf } from '../support/client.ts';
import { cutFilm } from '../support/cut-film.ts';
import { eventually } from '../support/eventually.ts';
import { probe } from '../support/probe.ts';
import { startProduct } from '../support/product.ts';
import { startReplica } from '../support/replica.ts';
import { s3Event, s3Record } from '../support/s3-event.ts';
import { sqlOf } from '../support/sql.ts';
import { startSqs } from '../support/sqs.ts';
import { tasksOf } from '../support/tasks.ts';
import { segmentWorker } from '../support/wire-segments.ts';
import { wireWorker } from '../support/wire-worker.ts';

const sqs = await startSqs();
afterAll(() => sqs[Symbol.asyncDispose]());

describe('APIs that come and go', () => {
  test('F8: jobs from everywhere at once are each one job, however the API ends among them', async () => {
    const burst = { messages: 120, rows: 60, webhooks: 30, ends: ['SIGTERM', 'SIGKILL'] as const, seconds: 50 };
    const { seen, wanted, ended, setAside } = await allAtOnce(burst);
    expect(seen).toEqual(wanted);
    expect(setAside).toEqual([]);
    expect(ended).toEqual([0, 'SIGKILL']);
  });

  test('F7: 1,000 rows that were written while nothing ran, and two APIs that come up together', async () => {
    await using product = await startProduct();
    await product.api.stop();
    await insertNamed(product, 1_000);
    const [replica] = await Promise.all([startReplica(product), product.startApi()]);
    await using _ = replica;
    expect(await settled(product, 1_000, { seconds: 50 })).toEqual(names('row', 1_000).toSorted());
    expect((await clientOf(replica.url)('GET', '/jobs')).body).toMatchObject({ total: 1_000 });
  });
});

test('an SQS that is started anew and has forgotten everything: the source goes on when its queue is there again', async () => {
  await using forgetful = await startSqs();
  const queue = await forgetful.queue({ name: 'again' });
  await using product = await startProduct({
    env: { ...forgetful.env, JOB_SOURCES: 'sqs', AWS_SQS_QUEUE_URL: queue.url },
  });
  const wanted = names('message', 50);
  const bodies = wanted.map((name) => ({ ...named(name), idempotency_key: name }));
  await queue.send(...bodies);
  await eventually('some of them', async () => (await ledger(product)).seen.length > 5);
  await forgetful.startAnew();
  await eventually('the loss to be noticed', async () => product.log().includes('messages cannot be taken just now'));
  // Whoever sent them sends them again, under the same keys.
  const another = await forgetful.queue({ name: 'again' });
  await another.send(...bodies);
  expect(await settled(product, wanted.length)).toEqual(wanted.toSorted());
  await eventually('the queue to be empty', another.isEmpty);
});

describe('F35 D1–D27: segments that others upload', async () => {
  const queue = await sqs.queue({ hiddenSeconds: 30 });
  const product = await startProduct({
    env: {
      ...sqs.env,
      JOB_SOURCES: 'sqs',
      SQS_ENDPOINT: '',
      AWS_ENDPOINT_URL: sqs.endpoint, // document 003 has one name for both
      AWS_SQS_QUEUE_URL: queue.url,
      S3_BUCKET: 'outputs',
      INPUT_BUCKET_NAME: 'inputs',
    },
  });
  const s3 = new S3Client({ ...sqs.access, endpoint: sqs.endpoint, forcePathStyle: true });
  for (const Bucket of ['inputs', 'outputs']) await s3.send(new CreateBucketCommand({ Bucket }));
  afterAll(() => product[Symbol.asyncDispose]());
  const call = clientOf(product.url);

  /** Puts segments into the bucket; each is announced twice, by turns over SQS and HTTP. */
  async function upload(name: string, order: readonly number[], bodyOf: (index: number) => string | Buffer) {
    const total = order.length;
    const keyOf = (index: number) => buildSegmentKey({ jobId: name, index, total, mode: 'sbs' });
    await Promise.all(
      [...order, ...order.toReversed()].map(async (index, n) => {
        await s3.send(new PutObjectCommand({ Bucket: 'inputs', Key: keyOf(index), Body: bodyOf(index) }));
        const event = s3Event(s3Record('inputs', keyOf(index)));
        if (n % 3 === 0) expect((await call('POST', '/segments/events', event)).status).toBe(200);
        else await queue.send(event);
      }),
    );
    await eventually('the queue to be empty', queue.isEmpty);
    return { id: jobIdOf(name), again: () => queue.send(s3Event(s3Record('inputs', keyOf(0)))) };
  }

  test('in any order and more than once: each is one part, and reassembly begins once', async () => {
    const worker = segmentWorker(product, wireWorker(product.url, product.reportSecret));
    const name = 'a film with ä and +';
    const order = [7, 3, 11, 0, 5, 1, 9, 2, 10, 4, 8, 6];
    const { id, again } = await upload(name, order, (index) => `segment ${index}`);
    const parts = await tasksOf(product, id);
    expect(parts.filter(({ stage }) => stage === 'model')).toHaveLength(order.length);
    const { body } = await call<{ segments: { state: string }[] }>('GET', `/jobs/${id}/segments`);
    expect(body).toMatchObject({ job_id: name, total_segments: order.length, completed: 0 });
    expect(new Set(body.segments.map(({ state }) => state))).toEqual(new Set(['waiting']));

    for (const index of order.slice(0, -2)) expect(await worker.model(id, index, { name })).toBe('accepted');
    await Promise.all(order.slice(-2).map((index) => worker.model(id, index, { name })));
    await again(); // late news changes nothing
    await eventually('the queue to be empty', queue.isEmpty);
    expect((await tasksOf(product, id)).filter(({ stage }) => stage === 'reassemble')).toHaveLength(1);
    expect(await worker.reassemble(id, { name })).toBe('accepted');
    const rows = await sqlOf(product)(
      'select segment_index as index, output_s3_uri as uri from segment_completions where job = $1 order by 1',
      [id],
    );
    expect(rows).toEqual(
      order
        .toSorted((a, b) => a - b)
        .map((index) => ({ index, uri: `s3://outputs/jobs/${name}/segments/${index}.mp4` })),
    );
    expect((await call('GET', `/jobs/${id}`)).body.status).toBe('completed');
  });

  test('with a real worker and real films: one video again, as long as its parts', async () => {
    const order = [2, 0, 3, 1];
    const films = await cutFilm(order.length);
    const { id } = await upload('real', order, (index) => films[index]!);
    await product.startWorker();
    const done = await eventually(
      'the job to end',
      async () => {
        const { body } = await call<{ status: string; error: unknown }>('GET', `/jobs/${id}`);
        return ['completed', 'failed'].includes(body.status) && body;
      },
      { seconds: 50 },
    );
    expect([done.status, done.error]).toEqual(['completed', null]);
    const { body } = await call<{ completed: number; final_url: string }>('GET', `/jobs/${id}/segments`);
    expect(body.completed).toBe(order.length);
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'outputs', Key: 'jobs/real/final.mp4' }));
    const file = join(product.dir, 'final.mp4');
    await writeFile(file, await Body!.transformToByteArray());
    const { format, streams } = await probe(file);
    expect(streams.map(({ codec_type }) => codec_type).toSorted()).toEqual(['audio', 'video']);
    expect(Math.abs(Number(format.duration) - order.length * 2)).toBeLessThan(1 / 24 + 0.03); // AAC ends with its last frame
  });
});
