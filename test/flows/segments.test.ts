import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Client, clientOf } from '../support/client.ts';
import { cuttingRoom } from '../support/cutting-room.ts';
import { eventually } from '../support/eventually.ts';
import { mediaServer } from '../support/media-server.ts';
import { echoing, modelServer } from '../support/model-server.ts';
import { type Product, startProduct } from '../support/product.ts';
import { expectSameFilm } from '../support/same-film.ts';

const room = await cuttingRoom();
const PLAIN = ['-f', 'lavfi', '-i', 'testsrc2=s=128x72:r=25:d=3', '-f', 'lavfi', '-i', 'sine=f=440:d=3'];
await room.ff(...PLAIN, '-c:v', 'libx264', '-g', '25', '-pix_fmt', 'yuv420p', '-c:a', 'aac', 'plain.mp4');
const was = `${room.root}/plain.mp4`;

let product: Product;
let call: Client;
beforeAll(async () => {
  product = await startProduct({ env: { WORKER_LEASE_SECONDS: '3', ALLOWED_PRIVATE_HOSTS: '127.0.0.1' } });
  call = clientOf(product.url);
});
afterEach(() => product.stopWorkers());
afterAll(() => product[Symbol.asyncDispose]());

interface Segments {
  total_segments: number;
  completed: number;
  final_url: string;
  segments: { state: string; attempts: number; model: string; url: string }[];
}

const stored = (key: string) => join(product.dir, 'artifacts', key);

/** Submits the plain film, to be cut every second. */
async function submit(input: object = {}): Promise<string> {
  const media = await mediaServer({ 'plain.mp4': { bytes: await readFile(was) } });
  const asked = { pipeline: 'segments', input: { sourceUrl: media.url('plain.mp4'), segmentSeconds: 1, ...input } };
  const { status, body } = await call<{ job_id: string }>('POST', '/jobs', asked);
  expect(status).toBe(202);
  return body.job_id;
}

/** Waits for the job to end well; what has become of its segments, and the path of the whole as its link gives it. */
async function finished(jobId: string): Promise<Segments & { is: string }> {
  const { body } = await call<{ status: string; error: object | null }>('GET', `/jobs/${jobId}/wait?timeout=60`);
  expect(body).toMatchObject({ status: 'completed', error: null });
  const segments = (await call<Segments>('GET', `/jobs/${jobId}/segments`)).body;
  const is = join(room.root, `${jobId}.mp4`);
  await writeFile(is, Buffer.from(await (await fetch(segments.final_url)).arrayBuffer()));
  return { ...segments, is };
}

test('a video from the web is cut, every segment goes through its model, and the whole is what it was', async () => {
  await product.startWorker();
  const jobId = await submit();
  const { is, ...made } = await finished(jobId);
  expect(made).toMatchObject({ total_segments: 3, completed: 3 });
  expect(made.segments.map(({ model, attempts }) => [model, attempts])).toEqual(Array(3).fill(['passthrough', 1]));
  await expectSameFilm(room, { was, is });
  expect(await readdir(stored(`segments/${jobId}`))).toEqual([0, 1, 2].map((k) => `0000${k}_00003_sbs.mp4`));
  expect(await readdir(stored(`jobs/${jobId}/segments`))).toEqual(['0.mp4', '1.mp4', '2.mp4']);
  expect(existsSync(stored(`jobs/${jobId}/final.mp4`))).toBe(true);
});

test('stereo-shift makes two views of it, in either mode', async () => {
  await product.startWorker({ MODEL: 'stereo-shift' });
  const jobs = await Promise.all(['sbs', 'anaglyph'].map((mode) => submit({ mode })));
  const [before, ...sizes] = [await room.frames(was), [256, 72], [128, 72]];
  for (const [i, jobId] of jobs.entries()) {
    const { is } = await finished(jobId);
    const [width, height] = sizes[i]!;
    expect((await room.firstPicture(is)).length).toBe(3 * width! * height!);
    const after = await room.frames(is);
    expect(after.map(({ at }) => at)).toEqual(before!.map(({ at }) => at));
    expect((await room.heard(is))[0]!.samples).toEqual((await room.heard(was))[0]!.samples);
  }
});

test('one of two workers is killed while their models think: nothing is lost, and nothing that was done is done again', async () => {
  const held: (() => void)[] = [];
  await using server = await modelServer(async (response, asked) => {
    await new Promise<void>((go) => held.push(go));
    await echoing(response, asked);
  });
  const settings = { MODEL: 'http', MODEL_URL: server.url, CPU_SLOTS: '1' };
  const [doomed] = [await product.startWorker(settings), await product.startWorker(settings)];
  const jobId = await submit();
  await eventually('both to ask the model', async () => held.length === 2);
  await doomed.stop('SIGKILL');
  // From here on nothing is held back.
  server.answers(echoing);
  for (const go of held) go();
  const { is, segments } = await finished(jobId);
  expect(segments.map(({ attempts }) => attempts).sort()).toEqual([1, 1, 2]);
  expect(server.asked.length).toBe(4);
  await expectSameFilm(room, { was, is });
});

test('a model that goes to the store itself finds the segment there, and leaves there what it made', async () => {
  await using server = await modelServer(async (response, { body }) => {
    const { input_url, output_url } = JSON.parse(body.toString());
    const segment = await (await fetch(input_url)).arrayBuffer();
    response.writeHead((await fetch(output_url, { method: 'PUT', body: segment })).status).end();
  });
  await product.startWorker({ MODEL: 'http', MODEL_URL: server.url, MODEL_SEND: 'url' });
  const { is } = await finished(await submit());
  expect(server.asked.length).toBe(3);
  await expectSameFilm(room, { was, is });
});

test('a worker whose model is not configured does not start, and says what is missing', async () => {
  await expect(product.startWorker({ MODEL: 'http' })).rejects.toThrow('MODEL=http needs MODEL_URL');
  await expect(product.startWorker({ MODEL: 'deep-thought' })).rejects.toThrow(
    /MODEL: .*passthrough.*stereo-shift.*http/,
  );
});
