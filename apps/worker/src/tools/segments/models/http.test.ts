import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '@reverie/storage';
import { afterAll, expect, test } from 'vitest';
import { fakeS3 } from '../../../../../../packages/storage/src/fake-s3.ts';
import { cuttingRoom } from '../../../../../../test/support/cutting-room.ts';
import { echoing, modelServer, saying } from '../../../../../../test/support/model-server.ts';
import { httpModel } from './http.ts';

const room = await cuttingRoom();
const SIZE = 'testsrc2=s=128x72:r=25';
await room.ff('-f', 'lavfi', '-i', `${SIZE}:d=1`, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', 'one.mp4');
await room.ff('-f', 'lavfi', '-i', `${SIZE}:d=0.8`, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', 'short.mp4');
const tone = ['-f', 'lavfi', '-i', 'sine=f=440:d=1'];
await room.ff('-f', 'lavfi', '-i', `${SIZE}:d=1`, ...tone, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', 'loud.mp4');
const s3 = await fakeS3();
afterAll(() => s3.stop());
const onS3 = await cuttingRoom({ store: openStore({ kind: 's3', ...s3.config() }) });
await onS3.ff('-f', 'lavfi', '-i', `${SIZE}:d=1`, '-c:v', 'libx264', '-pix_fmt', 'yuv420p', 'one.mp4');
const bytesOf = (file: string) => readFile(`${room.root}/${file}`);

const model = (url: string, more: object = {}) =>
  httpModel({ MODEL_URL: url, MODEL_SEND: 'bytes', MODEL_TIMEOUT: 20, MODEL_API_KEY: undefined, ...more });

test('it gets the bytes, and is told what they are of; its answer is the segment', async () => {
  await using server = await modelServer(echoing);
  const by = model(server.url, { MODEL_API_KEY: 'k' });
  const made = await room.model(await room.put('one.mp4'), { index: 3, total: 7, job: 'job ü', mode: 'anaglyph' }, by);
  expect(made).toMatchObject({ model: 'http', frames: 25, seconds: 1, begins: 0 });
  const [asked] = server.asked;
  expect(asked!.body.equals(await bytesOf('one.mp4'))).toBe(true);
  expect(asked!.headers).toMatchObject({
    ...{ 'content-type': 'video/mp4', 'content-length': String((await bytesOf('one.mp4')).length) },
    ...{ 'x-job-id': 'job%20%C3%BC', 'x-segment-index': '3', 'x-total-segments': '7', 'x-mode': 'anaglyph' },
    authorization: 'Bearer k',
  });
});

test('it gets links to read from and to put to, where it is to go to the store itself', async () => {
  await using server = await modelServer(async (response, { body }) => {
    const { input_url, output_url } = JSON.parse(body.toString());
    const segment = await (await fetch(input_url)).arrayBuffer();
    const put = await fetch(output_url, { method: 'PUT', body: segment });
    response.writeHead(put.status).end();
  });
  const by = model(server.url, { MODEL_SEND: 'url' });
  const made = await onS3.model(await onS3.put('one.mp4'), { index: 1, total: 2 }, by);
  expect(made).toMatchObject({ model: 'http', frames: 25 });
  const told = JSON.parse(server.asked[0]!.body.toString());
  expect(told).toMatchObject({ job_id: 'job', segment_index: 1, total_segments: 2, mode: 'sbs' });

  server.answers(saying(200, 'done'));
  await expect(onS3.model(await onS3.put('one.mp4'), {}, by)).rejects.toMatchObject({ code: 'provider_nonsense' });
});

test('what it answers besides has a meaning', async () => {
  await using server = await modelServer(echoing);
  const segment = await room.put('one.mp4');
  const ask = () => room.model(segment, {}, model(server.url));
  const cases: [Parameters<typeof server.answers>[0], object][] = [
    [saying(429, 'busy', { 'retry-after': '7' }), { code: 'provider_limit', retryAfterSeconds: 7 }],
    [saying(503, 'loading', { 'retry-after': '3' }), { code: 'provider_unavailable', retryAfterSeconds: 3 }],
    [saying(408), { code: 'provider_unavailable' }],
    [saying(422, 'too dark'), { code: 'provider_refused', message: expect.stringContaining('too dark') }],
    [saying(302, '', { location: '/elsewhere' }), { code: 'provider_refused' }],
    [(response) => void response.destroy(), { code: 'provider_unavailable' }],
    [saying(200, 'sorry'), { code: 'output_rejected' }],
    [saying(200, ''), { code: 'output_rejected' }],
    [
      saying(200, await bytesOf('short.mp4')),
      { code: 'output_rejected', message: expect.stringContaining('20 frames') },
    ],
    [saying(200, (await bytesOf('one.mp4')).subarray(0, 9_000)), { code: 'output_rejected' }],
  ];
  for (const [answer, failure] of cases) {
    server.answers(answer);
    await expect(ask()).rejects.toMatchObject(failure);
  }
});

test('it may think for so long and no longer; a cancelled task lets it go at once', async () => {
  await using server = await modelServer(() => {});
  const segment = await room.put('one.mp4');
  await expect(room.model(segment, {}, model(server.url, { MODEL_TIMEOUT: 0.3 }))).rejects.toMatchObject({
    code: 'provider_unavailable',
    message: expect.stringContaining('MODEL_TIMEOUT'),
  });
  const stopped = new AbortController();
  const running = room.model(segment, {}, model(server.url), stopped.signal);
  await sleep(300);
  stopped.abort(new Error('cancelled'));
  await expect(running).rejects.toThrow('cancelled');
});

test('sound that it leaves out is put back', async () => {
  await using server = await modelServer(saying(200, await bytesOf('one.mp4')));
  const loud = await room.put('loud.mp4');
  const made = await room.model(loud, {}, model(server.url));
  const [was] = await room.heard(room.path(loud));
  const [is] = await room.heard(room.path(made.file));
  expect(is!.at).toBe(was!.at);
  expect(is!.samples).toEqual(was!.samples);
});

test('without an address the worker does not start', () => {
  expect(() => model(undefined as never)).toThrow('MODEL=http needs MODEL_URL');
});
