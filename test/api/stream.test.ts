import { setTimeout as sleep } from 'node:timers/promises';
import { insertApiKey, moveJob, openDatabase, recordEvent } from '@reverie/db';
import { describe, expect, test } from 'vitest';
import { makeApiKey } from '../../apps/api/src/api-key.ts';
import { productThatCallsBack } from '../support/callbacks.ts';
import { clientOf } from '../support/client.ts';
import { openStream, type Told } from '../support/event-stream.ts';
import { eventually } from '../support/eventually.ts';
import { CAPTIONS, captioner, STAGES } from '../support/wire-captions.ts';

const { product, wire, sql, anna, ben } = await productThatCallsBack(CAPTIONS);
const { run, whole } = captioner(product, wire);

let videos = 0;
async function start() {
  const { body } = await anna('POST', '/pipeline', { youtube_url: `https://videos.example/${++videos}.mp4` });
  const { body: job } = await anna<{ job_id: string; links: { stream: string } }>('GET', `/jobs/${body.job_id}`);
  return { id: job.job_id, link: job.links.stream };
}
const stored = async (id: string) =>
  (await sql.query<{ seq: string; type: string }>('select seq, type from events where job_id = $1 order by seq', [id]))
    .rows;
const rowsOf = (told: Told[]) => told.flatMap(({ id, event }) => (id === undefined ? [] : [{ seq: id, type: event }]));

/** As another replica of the API does it. */
async function cancelElsewhere(id: string) {
  const db = openDatabase({ url: product.databaseUrl, connections: 1, onError: () => {} });
  await db.transaction(async (tx) => {
    await moveJob(tx, id, 'cancelled');
    await recordEvent(tx, id, 'job.cancelled', { reason: 'elsewhere' });
  });
  await db.close();
}

describe('F45: GET /jobs/:id/stream', () => {
  test('the job as it is, then all that happens in order, then the end', async () => {
    const { id, link } = await start();
    const stream = await openStream(link);
    expect([stream.status, stream.headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    expect(stream.headers.get('cache-control')).toBe('no-cache');
    await whole(id);
    await stream.ended;
    expect(stream.told[0]).toMatchObject({ event: 'snapshot', id: undefined, data: { job_id: id, status: 'queued' } });
    expect(stream.told[0]!.data.stages).toHaveProperty('transcription');
    expect(rowsOf(stream.told)).toEqual(await stored(id));
    expect(stream.told.at(-2)).toMatchObject({ event: 'job.completed' });
    expect(stream.told.at(-1)).toEqual({
      id: undefined,
      event: 'ended',
      data: { status: 'completed', progress: 100 },
    });
    expect(stream.told.find(({ event }) => event === 'task.started')?.data).toMatchObject({
      stage: 'download',
      attempt: 1,
      at: expect.any(String),
    });
  });

  test('who comes late is told all of it, and that it has ended', async () => {
    const { id, link } = await start();
    await anna('POST', `/jobs/${id}/cancel`);
    const stream = await openStream(link);
    await stream.ended;
    expect(stream.told.map(({ event }) => event)).toEqual(['snapshot', 'job.queued', 'job.cancelled', 'ended']);
  });

  test('who comes back has missed nothing, and is told nothing twice; after the end there is nothing to come back for', async () => {
    const { id, link } = await start();
    const first = await openStream(link);
    await run(id, 'download');
    await first.until('task.completed');
    first.hangUp();
    for (const stage of STAGES.slice(1)) await run(id, stage);
    const seen = rowsOf(first.told);
    const second = await openStream(link, { 'last-event-id': seen.at(-1)!.seq });
    await second.ended;
    expect([...seen, ...rowsOf(second.told)]).toEqual(await stored(id));
    const third = await openStream(link, { 'last-event-id': rowsOf(second.told).at(-1)!.seq });
    expect(third.status).toBe(204);
  });

  test('what another process commits is heard, too; three hundred listen over one connection', async () => {
    const { id, link } = await start();
    const ears = async () =>
      (
        await sql.query(
          `select from pg_stat_activity where application_name = 'reverie-listen' and datname = current_database()`,
        )
      ).rowCount;
    const before = await ears();
    const streams = await Promise.all(Array.from({ length: 300 }, () => openStream(link)));
    await Promise.all(streams.map((stream) => stream.until('job.queued')));
    expect(await ears()).toBe(before);
    const from = Date.now();
    await cancelElsewhere(id);
    await Promise.all(streams.map((stream) => stream.ended));
    expect(Date.now() - from).toBeLessThan(5_000);
    expect(new Set(streams.map(({ told }) => told.map(({ event }) => event).join(' ')))).toEqual(
      new Set(['snapshot job.queued progress job.cancelled ended']),
    );
  });

  test('F46: progress is told at most twice a second, and only when it has changed', async () => {
    const worker = await product.startWorker();
    const { body } = await anna<{ job_id: string; links: { stream: string } }>('POST', '/jobs', {
      pipeline: 'selftest',
      input: { parts: 1, seconds: 2 },
    });
    const stream = await openStream(body.links.stream);
    const from = Date.now();
    await stream.ended;
    const seconds = (Date.now() - from) / 1000;
    const progress = stream.told.filter(({ event }) => event === 'progress').map(({ data }) => data);
    expect(progress.length).toBeGreaterThanOrEqual(3);
    expect(progress.length).toBeLessThanOrEqual(2 * seconds + 2);
    expect(progress).toContainEqual({
      stage: 'read',
      stage_progress: expect.any(Number),
      progress: expect.any(Number),
    });
    const bar = progress.map((one) => Number(one.progress));
    expect(bar).toEqual([...bar].sort((a, b) => a - b));
    expect(new Set(progress.map((one) => JSON.stringify(one))).size).toBe(progress.length);
    await worker.stop();
  });

  test('a link is for one job and one hour; a key, for its owner’s jobs', async () => {
    const [one, other] = [await start(), await start()];
    const path = `/jobs/${one.id}/stream`;
    const code = async (call: typeof anna, at: string) => {
      const { status, body } = await call('GET', at);
      return [status, body.code];
    };
    const stranger = clientOf(product.url);
    const query = new URL(one.link).search;
    expect(new URL(one.link).searchParams.get('expires')).toMatch(/^\d+$/);
    expect(await code(stranger, path)).toEqual([401, 'unauthorized']);
    expect(await code(stranger, `/jobs/${other.id}/stream${query}`)).toEqual([403, 'bad_link']);
    expect(await code(stranger, `${path}${query.replace(/expires=\d+/, 'expires=9999999999')}`)).toEqual([
      403,
      'bad_link',
    ]);
    expect(await code(ben, path)).toEqual([404, 'not_found']);
    expect(await code(await withScopes('submit'), path)).toEqual([403, 'forbidden']);
    await anna('POST', `/jobs/${one.id}/cancel`);
    expect((await anna<string>('GET', path)).body).toContain('event: ended');
  });
});

/** Anna with a key for less. */
async function withScopes(...scopes: ('submit' | 'read')[]) {
  const db = openDatabase({ url: product.databaseUrl, connections: 1, onError: () => {} });
  const { key, ...row } = makeApiKey();
  await insertApiKey(db, { ...row, owner: 'anna', name: '', scopes, expiresAt: null });
  await db.close();
  return clientOf(product.url, { authorization: `Bearer ${key}` });
}

describe('F44: GET /jobs/:id/wait', () => {
  test('answers as soon as the job has ended, with what GET /jobs/:id says', async () => {
    const { id } = await start();
    let answered = false;
    const waiting = anna('GET', `/jobs/${id}/wait?timeout=20`).finally(() => (answered = true));
    await run(id, 'download');
    await sleep(300);
    expect(answered).toBe(false);
    const from = Date.now();
    await cancelElsewhere(id);
    const { status, headers, body } = await waiting;
    expect(Date.now() - from).toBeLessThan(5_000);
    expect([status, headers.get('x-job-ended')]).toEqual([200, 'true']);
    const { body: now } = await anna('GET', `/jobs/${id}`);
    expect(Object.keys(body)).toEqual(Object.keys(now));
    expect(body).toMatchObject({ job_id: id, status: 'cancelled' });
    expect((await anna('GET', `/jobs/${id}/wait`)).headers.get('x-job-ended')).toBe('true');
  });

  test('or when the time is over, as it is then', async () => {
    const { id } = await start();
    const { status, headers, body } = await anna('GET', `/jobs/${id}/wait?timeout=0.2`);
    expect([status, headers.get('x-job-ended'), body.status]).toEqual([200, 'false', 'queued']);
    expect((await anna('GET', `/jobs/${id}/wait?timeout=121`)).status).toBe(422);
    expect((await ben('GET', `/jobs/${id}/wait?timeout=1`)).status).toBe(404);
  });
});

test('an API that stops answers everybody at once; who comes back to the next one has missed nothing', async () => {
  const { id, link } = await start();
  const stream = await openStream(link);
  await stream.until('job.queued');
  const waiting = anna('GET', `/jobs/${id}/wait?timeout=100`);
  await eventually('both to be heard', async () => product.log().includes(`/jobs/${id}/wait`));
  await sleep(100);
  const from = Date.now();
  await product.api.stop();
  expect(Date.now() - from).toBeLessThan(8_000);
  await stream.ended;
  expect((await waiting).headers.get('x-job-ended')).toBe('false');
  await cancelElsewhere(id);
  await product.startApi();
  const next = await openStream(link, { 'last-event-id': rowsOf(stream.told).at(-1)!.seq });
  await next.ended;
  expect(rowsOf([...stream.told, ...next.told])).toEqual(await stored(id));
});
