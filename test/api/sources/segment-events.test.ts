import { randomUUID } from 'node:crypto';
import { buildSegmentKey } from '@reverie/contracts';
import { describe, expect, test } from 'vitest';
import { jobIdOf } from '../../../apps/api/src/jobs/arrive.ts';
import { withClient } from '../../support/database.ts';
import { productOfFile } from '../../support/product-of-file.ts';
import { s3Event, s3Record, TEST_EVENT } from '../../support/s3-event.ts';
import { sourceTotals } from '../../support/source-totals.ts';
import { sqlOf } from '../../support/sql.ts';

const { product, call } = await productOfFile({
  env: {
    SOURCE_OWNER: 'ann',
    DATABASE_TIMEOUT_SECONDS: '1',
    STORAGE: 's3',
    S3_BUCKET: 'outputs',
    INPUT_BUCKET_NAME: 'inputs',
    S3_ENDPOINT: 'http://127.0.0.1:9', // nothing is asked of it
  },
});
const sql = sqlOf(product);
const tell = (body: unknown) => call('POST', '/segments/events', body);
const key = (jobId: string, index: number, total = 3, mode: 'sbs' | 'anaglyph' = 'sbs') =>
  buildSegmentKey({ jobId, index, total, mode });
const counts = (accepted: number, known: number, skipped: number, rejected: number) => ({
  accepted,
  known,
  skipped,
  rejected,
});

describe('F8 D9 D27: S3 events over HTTP', () => {
  test('each record is answered for, after the commit', async () => {
    const name = randomUUID();
    const event = s3Event(
      s3Record('inputs', key(name, 2)),
      s3Record('inputs', key(name, 0), 's3:ObjectCreated:CompleteMultipartUpload'), // as MinIO calls it
      s3Record('outputs', key(name, 1)),
      s3Record('inputs', `segments/${name}/1_3_sbs.mp4`),
      s3Record('inputs', key(name, 1), 'ObjectRemoved:Delete'),
    );
    const first = await tell(event);
    expect([first.status, first.body]).toEqual([200, counts(2, 0, 3, 0)]);
    expect((await tell(event)).body).toEqual(counts(0, 2, 3, 0));
    expect(
      (await tell(s3Event(s3Record('inputs', key(name, 1, 4)), s3Record('inputs', key(name, 1, 3, 'anaglyph'))))).body,
    ).toEqual(counts(0, 0, 0, 2));
    const [job] = await sql('select owner, pipeline from jobs where id = $1', [name]);
    expect(job).toEqual({ owner: 'ann', pipeline: 'segments' });
    expect(await sourceTotals(call)).toEqual({
      'events accepted': 2,
      'events known': 2,
      'events rejected': 2,
      'events skipped': 6,
    });
  });

  test('MinIO writes all of a key that is not a letter with %', async () => {
    const name = 'a film: 1/2'.replace('/', '÷');
    const record = s3Record('inputs', '');
    record.s3.object.key = encodeURIComponent(key(name, 0)).replaceAll('%20', '+');
    const { body } = await tell({
      EventName: 's3:ObjectCreated:Put',
      Key: `inputs/${key(name, 0)}`,
      ...s3Event(record),
    });
    expect(body).toEqual(counts(1, 0, 0, 0));
    expect((await call('GET', `/jobs/${jobIdOf(name)}`)).status).toBe(200);
  });

  test('segments that we cut ourselves are known, whoever they are for', async () => {
    const cut = await call<{ job_id: string }>('POST', '/jobs', {
      pipeline: 'segments',
      input: { sourceUrl: 'https://example.com/film.mp4' },
    });
    // It is owner "local" who asked for it, not SOURCE_OWNER.
    expect((await tell(s3Event(s3Record('inputs', key(cut.body.job_id, 0))))).body).toEqual(counts(0, 1, 0, 0));
  });

  test.each([{}, '[]', { Records: {} }, { Event: 'other' }, 'null', '"Records"'])('%j is no S3 event', async (body) => {
    const { status } = await tell(body);
    expect(status).toBe(422);
  });

  test('a test event, and an event of nothing', async () => {
    expect(await tell(TEST_EVENT)).toMatchObject({ status: 200, body: counts(0, 0, 0, 0) });
    expect(await tell(s3Event())).toMatchObject({ status: 200, body: counts(0, 0, 0, 0) });
  });

  test('what cannot be committed now is not answered for', async () => {
    const name = randomUUID();
    const event = s3Event(s3Record('inputs', key(name, 0)), s3Record('inputs', key(name, 1)));
    await withClient(product.databaseUrl, async (client) => {
      await client.query('begin; lock table jobs in exclusive mode');
      expect((await tell(event)).status).toBe(503);
    });
    expect((await tell(event)).body).toEqual(counts(2, 0, 0, 0));
  });
});
