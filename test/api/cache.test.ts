import { randomUUID } from 'node:crypto';
import { captions, dream } from '@reverie/pipelines';
import { describe, expect, test } from 'vitest';
import { cacheKeyOf } from '../../apps/api/src/jobs/reuse.ts';
import { productThatCallsBack } from '../support/callbacks.ts';
import { eventually } from '../support/eventually.ts';
import { startReceiver } from '../support/receiver.ts';
import { CAPTIONS, type CaptionsJob, captioner } from '../support/wire-captions.ts';

const { product, wire, sql, anna, ben } = await productThatCallsBack({ ...CAPTIONS, S3_SOURCE_BUCKETS: 'films' });
const { begin, run, whole } = captioner(product, wire);

let videos = 0;
const aVideo = () => ({ youtube_url: `https://videos.example/${++videos}.mp4` });
const ask = async (body: object, { as = anna, key }: { as?: typeof anna; key?: string } = {}) => {
  const answer = await as<CaptionsJob>('POST', '/pipeline', body, key === undefined ? {} : { 'idempotency-key': key });
  expect([200, 202]).toContain(answer.status);
  return { status: answer.status, id: answer.body.job_id };
};
const look = async (id: string) => (await anna<CaptionsJob>('GET', `/jobs/${id}`)).body;
/** Asked for and done. */
const done = async (body: object) => {
  const { id } = await ask(body);
  await whole(id);
  return id;
};

describe('F43, E113: the same again', () => {
  test('is answered from what was done, at once and without a stage', async () => {
    const body = aVideo();
    const before = await done(body);
    const again = await anna('POST', '/pipeline', body);
    expect(again).toMatchObject({
      status: 200,
      body: { status: 'completed', overall_progress: 100, message: 'The result was there already', ...body },
    });
    const [first, second] = [await look(before), await look(String(again.body.job_id))];
    expect(second).toMatchObject({ status: 'completed', cached_from: before, overall_progress: 100 });
    expect(second.transcription_segments).toEqual(first.transcription_segments);
    expect(second.artifacts.map(({ key }) => key)).toEqual(first.artifacts.map(({ key }) => key));
    expect(second.stage_list.map(({ state, attempts }) => [state, attempts.length])).toEqual(
      Array(4).fill(['completed', 0]),
    );
    expect(first.cached_from).toBe(null);
    const file = await anna('GET', `/jobs/${second.job_id}/stream`);
    expect(file.body).toContain('event: job.completed');
  });

  test('also by POST /jobs, which says 200', async () => {
    const { youtube_url: sourceUrl } = aVideo();
    await done({ youtube_url: sourceUrl });
    const { status, body } = await anna('POST', '/jobs', { pipeline: 'captions', input: { sourceUrl } });
    expect([status, body.status]).toEqual([200, 'completed']);
  });

  const SOURCES = ['https://a.example/v.mp4', 's3://films/a.mp4', `upload:${randomUUID()}`];
  test.each(SOURCES)('%s', async (youtube_url) => {
    if (youtube_url.startsWith('upload:')) await uploaded(youtube_url.slice('upload:'.length));
    const before = await done({ youtube_url });
    expect((await look((await ask({ youtube_url })).id)).cached_from).toBe(before);
  });

  test('what others asked for is nobody else’s, and what is asked for otherwise is something else', async () => {
    const body = aVideo();
    await done(body);
    expect((await ask(body, { as: ben })).status).toBe(202);
    for (const other of [{ language: 'pt' }, { remove_noise: false }, { language_out: 'en' }, { no_cache: true }])
      expect([other, (await ask({ ...body, ...other })).status]).toEqual([other, 202]);
    expect((await ask({ ...body, priority: 'low', metadata: { other: true } })).status).toBe(200);
  });

  test('a job that was told not to look does the work, and its result answers the next one', async () => {
    const body = aVideo();
    await done(body);
    const fresh = await done({ ...body, no_cache: true });
    expect((await look((await ask(body)).id)).cached_from).toBe(fresh);
  });

  test('nothing answers that did not end well, or has not ended', async () => {
    const body = aVideo();
    const failed = await ask(body);
    const at = await begin(failed.id, 'download');
    await wire.report(at, { status: 'failed', error: { code: 'source_missing', message: 'gone' } });
    const cancelled = await ask(body);
    expect(cancelled.status).toBe(202);
    await run(cancelled.id, 'download');
    await anna('POST', `/jobs/${cancelled.id}/cancel`);
    const running = await ask(body);
    expect([running.status, (await ask(body)).status]).toEqual([202, 202]);
  });

  test('nothing answers when its day is over; what was answered does not lengthen it', async () => {
    const body = aVideo();
    const before = await done(body);
    const again = await ask(body);
    expect(again.status).toBe(200);
    await sql.query(`update jobs set ended_at = ended_at - interval '23 hours 59 minutes' where id = $1`, [before]);
    expect((await ask(body)).status).toBe(200);
    await sql.query(`update jobs set ended_at = ended_at - interval '2 minutes' where id = $1`, [before]);
    expect((await ask(body)).status).toBe(202);
  });

  test('nothing answers when one of its files has been cleaned away', async () => {
    const body = aVideo();
    const before = await done(body);
    expect((await ask(body)).status).toBe(200);
    await sql.query(`delete from artifacts where job_id = $1 and key like '%.vtt'`, [before]);
    expect((await ask(body)).status).toBe(202);
  });

  test('nor while somebody is just cleaning it away', async () => {
    const body = aVideo();
    const before = await done(body);
    await sql.query('begin');
    await sql.query('delete from jobs where id = $1', [before]);
    const asked = ask(body);
    await eventually('it to wait', async () => {
      const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
      return (await sql.query(waiting)).rowCount === 1;
    });
    await sql.query('commit');
    expect((await asked).status).toBe(202);
  });

  test('a job that is held waits for its release', async () => {
    const { youtube_url: sourceUrl } = aVideo();
    await done({ youtube_url: sourceUrl });
    const { status, body } = await anna('POST', '/jobs', { pipeline: 'captions', input: { sourceUrl }, held: true });
    expect([status, body.status]).toEqual([202, 'queued']);
  });

  test('two at once: each does its work, and both are good', async () => {
    const body = aVideo();
    const [one, other] = await Promise.all([ask(body), ask(body)]);
    expect([one.status, other.status]).toEqual([202, 202]);
    await Promise.all([whole(one.id), whole(other.id)]);
    expect((await ask(body)).status).toBe(200);
  });

  test('whoever wants to be called is called', async () => {
    await using receiver = await startReceiver();
    const body = aVideo();
    const before = await done(body);
    const again = await ask({ ...body, callback_url: receiver.url, metadata: { order: 9 } });
    const told = await eventually('the callback', async () => receiver.received.length > 0 && receiver.received);
    expect(told.map(({ body: sent }) => sent)).toMatchObject([
      { type: 'job.completed', data: { job_id: again.id, status: 'completed', metadata: { order: 9 } } },
    ]);
    expect((await look(again.id)).cached_from).toBe(before);
  });

  test('an idempotency key names the job it made, cached or not', async () => {
    const body = aVideo();
    const key = randomUUID();
    const first = await ask(body, { key });
    expect((await ask(body, { key })).id).toBe(first.id);
    await whole(first.id);
    expect((await ask(body, { key })).id).toBe(first.id);
    const other = await ask(body, { key: randomUUID() });
    expect([other.status, other.id === first.id]).toEqual([200, false]);
  });
});

test('E94: CACHE_TTL_HOURS=0 is no cache; other pipelines have none', () => {
  const asked = { sourceUrl: 'https://a.example/v.mp4', language: 'auto' };
  expect(cacheKeyOf(captions, asked, 24)).toMatch(/^[0-9a-f]{64}$/);
  expect(cacheKeyOf(captions, { ...asked, noCache: true }, 24)).toBe(cacheKeyOf(captions, asked, 24));
  expect(cacheKeyOf({ ...captions, cacheVersion: 2 }, asked, 24)).not.toBe(cacheKeyOf(captions, asked, 24));
  expect(cacheKeyOf(captions, asked, 0)).toBe(null);
  expect(cacheKeyOf(dream, asked, 24)).toBe(null);
});

/** A finished upload of anna's, for where it is looked at. */
const uploaded = (id: string) =>
  sql.query(
    `insert into uploads (id, owner, filename, content_type, bytes, part_bytes, status, token, expires_at, completed_at)
     values ($1, 'anna', 'a.mp4', 'video/mp4', 1, 1, 'complete', 't', now() + interval '1 day', now())`,
    [id],
  );
