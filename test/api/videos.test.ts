import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { analyst, DIMENSIONS, FOUND } from '../support/analyses.ts';
import { withClient } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { failing, openAiServer } from '../support/openai-server.ts';
import { productOfFile } from '../support/product-of-file.ts';
import { taskOf, tasksOf } from '../support/tasks.ts';

const models = await openAiServer();
afterAll(() => models[Symbol.asyncDispose]());
const server = (named: string) => ({ [`${named}_BASE_URL`]: models.baseUrl, [`${named}_API_KEY`]: models.apiKey });
const { product, call, wire } = await productOfFile({
  env: {
    ...server('TRANSCRIBE'),
    ...server('VISION'),
    ...server('EMBED'),
    EMBED_DIMENSIONS: String(DIMENSIONS),
  },
});
const { submit, work, store } = analyst({ product, call, wire });

interface Moment {
  video_id: string;
  time: number;
  kind: string;
  text: string;
  score: number;
  scene_id: string;
  frame: { id: string; time: number; url: string } | null;
}
interface Answer {
  mode: string;
  moments: Moment[];
}
interface Video {
  video_id: string;
  status: string;
  job_id: string;
  video_url: string | null;
  completed_at: string | null;
  scenes: { scene_id: string; start: number; end: number }[];
  frames: { frame_id: string; url: string; caption: { caption: string } | null }[];
  transcript: { text: string } | null;
  skipped: { stage: string; reason: string }[];
}
const videoOf = async (id: string) => (await call<Video>('GET', `/videos/${id}`)).body;
const find = async (videoId: string, q: string, more = '') =>
  (await call<Answer>('GET', `/videos/${videoId}/search?q=${encodeURIComponent(q)}${more}`)).body;

describe('C40–C46: a video is analysed', () => {
  test('202 with the video and its job; the same key again is the same video; mistakes are named', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const asked = { source_url: 'https://example.com/a.mp4', max_frames: 7, language: 'de', vision_analysis: false };
    const first = await call<Video>('POST', '/videos', asked, key);
    expect([first.status, first.headers.get('location')]).toEqual([202, `/videos/${first.body.video_id}`]);
    expect(first.body).toMatchObject({ status: 'queued', job_id: expect.any(String), title: null, duration: null });
    const again = await call<Video>('POST', '/videos', asked, key);
    expect([again.status, again.body.video_id]).toEqual([200, first.body.video_id]);
    const { body: job } = await call<{ input: object }>('GET', `/jobs/${first.body.job_id}`);
    expect(job.input).toMatchObject({ maxFrames: 7, language: 'de', visionAnalysis: false, embeddings: true });
    const wrong = { source_url: 'ftp://example.com/a.mp4', max_frames: 0, frames: 3 };
    const refused = await call<{ errors: { pointer: string }[] }>('POST', '/videos', wrong);
    expect(refused.status).toBe(422);
    expect(refused.body.errors.map(({ pointer }) => pointer).sort()).toEqual(['/frames', '/max_frames', '/source_url']);
    const page = { source_url: 'https://www.youtube.com/watch?v=abc' };
    const cannot = await call<{ code: string; errors: object[] }>('POST', '/videos', page);
    expect([cannot.status, cannot.body]).toMatchObject([
      422,
      { code: 'not_configured', errors: [{ pointer: '/source_url', detail: expect.stringMatching('yt-dlp') }] },
    ]);
    const { body: list } = await call<{ videos: Video[] }>('GET', '/videos?limit=1');
    expect(list.videos.map(({ video_id }) => video_id)).toEqual([first.body.video_id]);
    expect((await call('GET', `/videos/${randomUUID()}`)).status).toBe(404);
  });

  test('everything that was found, with ids that say what they are of and links that work', async () => {
    const { videoId, jobId } = await submit();
    await work(jobId, FOUND, { before: 'result' });
    expect(await videoOf(videoId)).toMatchObject({ status: 'processing', scenes: [], transcript: null });
    await work(jobId);

    const video = await videoOf(videoId);
    expect(video).toMatchObject({
      ...{ title: 'The meadow', status: 'completed', job_id: jobId, duration: 12, language: 'en', cost: 1.125 },
      facts: { video: { width: 1280, height: 720 } },
      models: {
        transcription: 'test/whisper',
        vision: 'seer-1',
        embeddings: { model: 'text-embedding-3-small', dimensions: DIMENSIONS },
      },
      skipped: [],
    });
    expect(video.scenes.map(({ scene_id }) => scene_id)).toEqual(
      [0, 1, 2].map((number) => `${videoId}_scene_0000${number}`),
    );
    expect(video.frames).toMatchObject([
      { frame_id: `${videoId}_frame_00000`, scene_id: `${videoId}_scene_00000`, time: 2, caption: FOUND.seen[0] },
      { frame_id: `${videoId}_frame_00001`, scene_id: `${videoId}_scene_00002`, time: 10.5, caption: FOUND.seen[1] },
    ]);
    expect(await (await fetch(video.frames[1]!.url)).text()).toBe('frame-2.jpg');
    expect(await (await fetch(video.video_url!)).text()).toBe('video.mp4');
    const rows = await withClient(product.databaseUrl, async (client) => {
      const { rows } = await client.query('select id, vector from moments where video_id = $1 order by id', [videoId]);
      return rows as { id: string; vector: number[] }[];
    });
    expect(rows.map(({ id }) => id.slice(37))).toEqual(Array.from({ length: 6 }, (_, i) => `moment_0000${i}`));
    for (const { vector } of rows) expect([vector.length, Math.hypot(...vector)]).toEqual([64, expect.closeTo(1, 5)]);
    expect((await call<{ scenes: object[] }>('GET', `/videos/${videoId}/scenes`)).body.scenes).toEqual(video.scenes);
    const { body } = await call<{ frames: { frame_id: string }[] }>('GET', `/videos/${videoId}/frames`);
    expect(body.frames.map(({ frame_id }) => frame_id)).toEqual(video.frames.map(({ frame_id }) => frame_id));
  });

  test('the transcript as JSON, text, SRT and VTT', async () => {
    const { videoId, jobId } = await submit();
    const none = await call('GET', `/videos/${videoId}/transcript`);
    expect([none.status, none.body.code]).toEqual([404, 'no_transcript']);
    await work(jobId);
    const as = async (format: string) => call<string>('GET', `/videos/${videoId}/transcript?format=${format}`);
    expect((await as('json')).body).toMatchObject({
      language: 'en',
      segments: [{ segment_id: `${videoId}_segment_00000`, ...FOUND.segments[0] }, {}, {}],
    });
    expect((await as('text')).body).toBe(`${FOUND.segments.map(({ text }) => text).join(' ')}\n`);
    const srt = await as('srt');
    expect([srt.headers.get('content-type'), srt.body.slice(0, 36)]).toEqual([
      'application/x-subrip; charset=utf-8',
      '1\n00:00:00,500 --> 00:00:03,500\nWelc',
    ]);
    expect((await as('vtt')).body).toMatch(/^WEBVTT\n\n00:00:00\.500 --> 00:00:03\.500\nWelcome/);
    expect((await as('docx')).status).toBe(422);
  });

  test('what was not asked for is named as skipped, and the rest is there', async () => {
    const { videoId, jobId } = await submit({ transcription: false, embeddings: false });
    await work(jobId);
    const video = await videoOf(videoId);
    expect(video).toMatchObject({ status: 'completed', transcript: null, models: { vision: 'seer-1' } });
    expect(video.skipped).toEqual([
      { stage: 'embed', reason: 'it was not asked for' },
      { stage: 'transcribe', reason: 'it was not asked for' },
    ]);
  });

  test('K6: an analysis that does not complete leaves what an earlier one found; one that does replaces it', async () => {
    const { videoId, jobId } = await submit();
    await work(jobId);
    const anew = async () => {
      const input = { sourceUrl: 'https://example.com/meadow.mp4', videoId };
      return (await call<{ job_id: string }>('POST', '/jobs', { pipeline: 'analysis', input })).body.job_id;
    };
    const second = await anew();
    await work(second, FOUND, { before: 'result' });
    await call('POST', `/jobs/${second}/cancel`);
    expect(await videoOf(videoId)).toMatchObject({
      status: 'cancelled',
      job_id: second,
      transcript: { text: /^Welcome/ },
    });

    const shorter = { ...FOUND, segments: [{ start: 1, end: 2, text: 'Something else entirely.' }] };
    await work(await anew(), shorter);
    expect(await videoOf(videoId)).toMatchObject({
      status: 'completed',
      transcript: { text: 'Something else entirely.' },
    });
    const { moments } = await find(videoId, 'silver meadow', '&limit=100');
    expect(moments.map(({ text }) => text)).not.toContain(FOUND.segments[0]!.text);
    expect(moments).toHaveLength(4);
  });

  test('vectors that are not all there fail the job by name, and nothing is half stored', async () => {
    const { videoId, jobId } = await submit();
    const short = (given: Record<string, object[]>) => {
      const [{ embedded }] = given.embed as [{ embedded: { dimensions: number } }];
      embedded.dimensions = 32;
    };
    expect(await work(jobId, FOUND, { change: short })).toMatchObject({ stage: 'result', verdict: 'retry' });
    const task = await taskOf(product, jobId, 'result');
    expect(task).toMatchObject({ status: 'dispatched', failures: 1, error: { code: 'artifact_missing' } });
    expect(await videoOf(videoId)).toMatchObject({ status: 'processing', scenes: [], frames: [] });
  });

  test('deleted, it takes its job, its rows and its files with it', async () => {
    const { videoId, jobId } = await submit();
    await work(jobId);
    const live = await submit();
    expect((await call('DELETE', `/videos/${videoId}`)).status).toBe(204);
    expect((await call('DELETE', `/videos/${live.videoId}`)).status).toBe(204);
    for (const path of [`/videos/${videoId}`, `/jobs/${jobId}`, `/videos/${live.videoId}`, `/jobs/${live.jobId}`]) {
      expect((await call('GET', path)).status).toBe(404);
    }
    const left: string[] = [];
    for await (const { key } of store.list(`jobs/${jobId}/`)) left.push(key);
    expect(left).toEqual([]);
  });
});

test('C45: a provider that says 429 is left alone until then; no attempt is charged, and explain says so', async () => {
  // Otherwise the window is full of what other tests have left, and nothing would be dispatched anyway.
  const sign = { worker: 'wire', fleets: [{ fleet: 'io', slots: 64, busy: 0 }], stopping: false };
  await wire.signed('/reports/workers', `wire.${Date.now()}`, sign);
  const { jobId } = await submit();
  await work(jobId, FOUND, { before: 'vision' });
  const [task, other] = (await tasksOf(product, jobId)).filter(({ stage }) => stage === 'vision');
  const { body: claim } = await wire.claim(task!.id);
  const error = { code: 'provider_limit' as const, message: 'too many pictures', retry_after_seconds: 40 };
  const { body } = await wire.report({ taskId: task!.id, attempt: claim.attempt }, { status: 'failed', error });
  expect(body).toMatchObject({ verdict: 'retry' });
  expect(await taskOf(product, jobId, 'vision')).toMatchObject({ failures: 0 });
  await withClient(product.databaseUrl, (client) =>
    client.query(`update tasks set status = 'waiting' where id = any($1::uuid[])`, [[task!.id, other!.id]]),
  );
  const { body: said } = await call<{ because: { until: string }; sentence: string }>('GET', `/jobs/${jobId}/explain`);
  expect(said.because).toMatchObject({
    reason: 'paused',
    kind: 'provider',
    name: 'vision',
    because: 'too many pictures',
  });
  const seconds = (Date.parse(said.because.until) - Date.now()) / 1000;
  expect(seconds).toBeGreaterThan(30);
  expect(seconds).toBeLessThanOrEqual(40);
  expect((await taskOf(product, jobId, 'vision')).status).toBe('waiting');
  await call('PUT', '/admin/lanes/provider/vision', { paused: false });
  const isDispatched = async () => (await taskOf(product, jobId, 'vision')).status === 'dispatched';
  await eventually('the task to be dispatched', isDispatched, { seconds: 20 });
});

describe('moments are found', () => {
  test('the same wording comes first, then what is alike; each with its time and its frame', async () => {
    const { videoId, jobId } = await submit();
    await work(jobId);
    const { mode, moments } = await find(videoId, 'Press the red button to reset your password.');
    expect(mode).toBe('semantic');
    expect(moments[0]).toMatchObject({
      ...{ video_id: videoId, title: 'The meadow', kind: 'speech', time: 4.2, start: 4.2, end: 8, score: 1 },
      text: FOUND.segments[1]!.text,
      scene_id: `${videoId}_scene_00001`,
      frame: null,
    });
    expect(moments[1]).toMatchObject({
      ...{ kind: 'screen', text: 'Account settings\nSign in\nForgot password', time: 10.5, start: 9, end: 12 },
      frame: { id: `${videoId}_frame_00001`, time: 10.5 },
    });
    expect(await (await fetch(moments[1]!.frame!.url)).text()).toBe('frame-2.jpg');
    expect(moments.map(({ score }) => score)).toEqual(moments.map(({ score }) => score).toSorted((a, b) => b - a));
    expect((await find(videoId, 'meadow', '&limit=2')).moments).toHaveLength(2);
    const seen = await find(videoId, 'meadow', '&kind=caption');
    expect(seen.moments.map(({ kind }) => kind)).toEqual(['caption', 'caption']);
    const asked = models.requests.length;
    await find(videoId, 'meadow');
    expect(models.requests.length).toBe(asked); // the vector of the same words is known
  });

  test('in all videos, or in those that are named', async () => {
    const [one, two] = [await submit(), await submit()];
    await work(one.jobId);
    await work(two.jobId);
    const q = 'silver meadow';
    const { body } = await call<Answer>('POST', '/videos/search', { q, video_ids: [two.videoId], kinds: ['speech'] });
    expect(new Set(body.moments.map(({ video_id, kind }) => `${video_id} ${kind}`))).toEqual(
      new Set([`${two.videoId} speech`]),
    );
    const all = await call<Answer>('POST', '/videos/search', { q, limit: 100 });
    expect(all.body.moments.map(({ video_id }) => video_id)).toEqual(
      expect.arrayContaining([one.videoId, two.videoId]),
    );
  });

  test.each([
    ['', '/query/q'],
    ['?q=', '/query/q'],
    ['?q=%20', '/query/q'],
    [`?q=${'a'.repeat(501)}`, '/query/q'],
    ['?q=a&limit=0', '/query/limit'],
    ['?q=a&limit=101', '/query/limit'],
    ['?q=a&kind=smell', '/query/kind'],
  ])('%s is refused', async (query, pointer) => {
    const { status, body } = await call<{ errors: object[] }>('GET', `/videos/${randomUUID()}/search${query}`);
    expect(status).toBe(422);
    expect(body.errors).toMatchObject([{ pointer }]);
  });

  test('of a video that is not there, nothing', async () => {
    expect((await call('GET', `/videos/${randomUUID()}/search?q=a`)).status).toBe(404);
    expect((await call('POST', '/videos/search', { q: '' })).status).toBe(422);
    const { body } = await call<Answer>('POST', '/videos/search', { q: 'a', video_ids: [randomUUID()] });
    expect(body).toEqual({ mode: 'text', moments: [] });
  });

  // The last: for a while the provider is not asked again.
  test('when the provider fails, by words: without accents, by their beginnings, the same wording first', async () => {
    const { videoId, jobId } = await submit();
    await work(jobId);
    models.next(failing(500, 'no'));
    const { mode, moments } = await find(videoId, 'creme brulee');
    expect([mode, moments.length, moments[0]!.text]).toEqual(['text', 1, FOUND.segments[2]!.text]);
    expect((await find(videoId, 'pass')).moments.map(({ kind }) => kind)).toEqual(['screen', 'speech']);
    expect((await find(videoId, FOUND.segments[0]!.text)).moments[0]).toMatchObject({ score: 1, time: 0.5 });
    expect((await find(videoId, '?!')).moments).toEqual([]);
    expect((await find(videoId, `'; drop table moments; -- & | ! <-> :*`)).mode).toBe('text');
  });
});
