import { randomUUID } from 'node:crypto';
import { pathToFileURL } from 'node:url';
import { buildSegmentKey } from '@reverie/contracts';
import { describe, expect, test } from 'vitest';
import { withClient } from '../support/database.ts';
import { productOfFile } from '../support/product-of-file.ts';
import { s3Event, s3Record } from '../support/s3-event.ts';
import { tasksOf } from '../support/tasks.ts';
import { segmentWorker } from '../support/wire-segments.ts';

interface Job {
  job_id: string;
  status: string;
  error: { code: string; stage: string; message: string; parts?: number[] } | null;
  stages: { name: string; state: string; attempts: { part: number }[] }[];
}
interface Segments {
  job_id: string;
  total_segments: number | null;
  completed: number;
  missing: number[];
  final_url: string | null;
  segments: {
    segment_index: number;
    state: string;
    attempts: number;
    output_s3_uri: string | null;
    error: object | null;
  }[];
}

const { product, call, wire } = await productOfFile();
const worker = segmentWorker(product, wire);
const begin = async (total: number): Promise<string> => {
  const input = { sourceUrl: 'https://example.com/film.mp4', segmentSeconds: 2 };
  const { status, body } = await call<Job>('POST', '/jobs', { pipeline: 'segments', input });
  expect(status).toBe(202);
  await worker.cut(body.job_id, total);
  return body.job_id;
};
const jobOf = async (id: string) => (await call<Job>('GET', `/jobs/${id}`)).body;
const segmentsOf = async (id: string) => (await call<Segments>('GET', `/jobs/${id}/segments`)).body;

describe('F35 D15–D25: segments', () => {
  test('each gets the document’s record in the commit that settles it; the last begins the reassembly', async () => {
    const id = await begin(3);
    for (const index of [2, 0]) await worker.model(id, index);
    expect((await jobOf(id)).stages.find(({ name }) => name === 'reassemble')?.state).toBe('pending');
    expect(await segmentsOf(id)).toMatchObject({ job_id: id, total_segments: 3, completed: 2, final_url: null });
    await worker.model(id, 1);
    expect(await worker.reassemble(id)).toBe('accepted');

    const rows = await withClient(product.databaseUrl, async (client) => {
      const columns = 'job_id, segment_index, total_segments, output_s3_uri, completed_at';
      return (await client.query(`select ${columns} from segment_completions where job = $1 order by 2`, [id])).rows;
    });
    const uri = (index: number) => pathToFileURL(`${product.dir}/artifacts/jobs/${id}/segments/${index}.mp4`).href;
    expect(rows).toEqual(
      [0, 1, 2].map((index) => ({
        job_id: id,
        segment_index: index,
        total_segments: 3,
        output_s3_uri: uri(index),
        completed_at: expect.any(Date),
      })),
    );
    const seen = await segmentsOf(id);
    expect(seen).toMatchObject({
      completed: 3,
      missing: [],
      final_url: expect.stringContaining(`jobs/${id}/final.mp4`),
    });
    expect(seen.segments.map(({ state }) => state)).toEqual(['completed', 'completed', 'completed']);
  });

  test('F21: one bad segment of 150 names itself, keeps the others from nothing, and alone is run again', async () => {
    const id = await begin(150);
    const bad = 17;
    for (let index = 0; index < 60; index++) if (index !== bad) await worker.model(id, index);
    await worker.model(id, bad, { fails: true });
    const going = await jobOf(id);
    expect(going).toMatchObject({ status: 'processing', error: null });
    expect(going.stages.find(({ name }) => name === 'model')?.state).toBe('waiting');
    for (let index = 60; index < 150; index++) expect(await worker.model(id, index)).toBe('accepted');
    const failed = await jobOf(id);
    expect(failed).toMatchObject({
      status: 'failed',
      error: { stage: 'model', code: 'provider_refused', parts: [bad], message: expect.stringContaining('segment 17') },
    });
    expect((await segmentsOf(id)).missing).toEqual([bad]);

    expect((await call('POST', `/jobs/${id}/retry`)).status).toBe(202);
    const open = (await tasksOf(product, id)).filter(({ status }) => status === 'waiting' || status === 'dispatched');
    expect(open.map(({ stage, part }) => [stage, part])).toEqual([['model', bad]]);
    await worker.model(id, bad, { run: 1 });
    await worker.reassemble(id, { run: 1 });
    const done = await jobOf(id);
    expect([done.status, done.error]).toEqual(['completed', null]);
    expect(done.stages.find(({ name }) => name === 'model')?.attempts).toHaveLength(151);
  });

  test('several bad ones are all named, whichever was first and however the last one ends', async () => {
    const id = await begin(4);
    await worker.model(id, 3, { fails: true });
    await worker.model(id, 0);
    await worker.model(id, 2);
    await worker.model(id, 1, { fails: true });
    expect((await jobOf(id)).error).toMatchObject({
      parts: [1, 3],
      message: expect.stringMatching(/^Missing: segments 1, 3;/),
    });
  });

  test('a job of as many segments as a key can say is listed, shown, cancelled and retried like any other', async () => {
    const id = randomUUID();
    const key = buildSegmentKey({ jobId: id, index: 99_998, total: 99_999, mode: 'sbs' });
    const told = await call('POST', '/segments/events', s3Event(s3Record('inputs', key)));
    expect(told.body).toMatchObject({ accepted: 1 });
    const answers = [
      await call('GET', '/jobs?limit=100'),
      await call('GET', `/jobs/${id}`),
      await call('GET', `/jobs/${id}/segments`),
      await call('GET', `/jobs/${id}/explain`),
      await call('POST', `/jobs/${id}/cancel`),
      await call('POST', `/jobs/${id}/retry`),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 202]);
    const again = await call('POST', '/segments/events', s3Event(s3Record('inputs', key)));
    expect(again.body).toMatchObject({ known: 1 });
  });

  test('a row that could not be taken has no segments', async () => {
    const { id } = await withClient(product.databaseUrl, async (client) => {
      const insert = `insert into jobs (pipeline, input) values ('segments', '{"segmentSeconds": "x"}') returning id`;
      return (await client.query<{ id: string }>(insert)).rows[0]!;
    });
    expect(await segmentsOf(id)).toMatchObject({ total_segments: null, segments: [], mode: null });
  });

  test('a job that is cancelled meanwhile stays so', async () => {
    const id = await begin(2);
    await worker.model(id, 0, { fails: true });
    await call('POST', `/jobs/${id}/cancel`);
    expect(await jobOf(id)).toMatchObject({ status: 'cancelled', error: null });
  });

  test('a report of five thousand segments is heard, and a file that is named twice is one file', async () => {
    const id = await begin(5_000);
    expect((await segmentsOf(id)).total_segments).toBe(5_000);
    expect(await worker.model(id, 4_999, { twice: true })).toBe('accepted');
  });

  test('what nobody could mean is refused', async () => {
    const refused = async (input: object) => {
      const { status, body } = await call<{ errors: { pointer: string }[] }>('POST', '/jobs', {
        pipeline: 'segments',
        input,
      });
      return [status, body.errors.map(({ pointer }) => pointer)];
    };
    expect(await refused({})).toEqual([422, ['/input/sourceUrl']]);
    expect(await refused({ sourceUrl: 'https://example.com/a.mp4', mode: 'imax' })).toEqual([422, ['/input/mode']]);
    expect(await refused({ uploaded: { job: 'x', total: 2 } })).toEqual([422, ['/input/uploaded']]);
    const { body } = await call<Job>('POST', '/jobs', { pipeline: 'selftest', input: {} });
    expect((await call('GET', `/jobs/${body.job_id}/segments`)).body.code).toBe('no_segments');
  });
});
