import { execFileSync, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { PodManifest, PodRun } from '@reverie/contracts';
import { freePort } from '@reverie/embedded';
import { openStore } from '@reverie/storage';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { readConfig } from '../../apps/pod/src/config.ts';
import { fakeS3 } from '../../packages/storage/src/fake-s3.ts';
import { eventually } from '../support/eventually.ts';
import { type MarkedFilms, markedFilms } from '../support/marked-film.ts';
import { type Answer, failing, type OpenAiServer, openAiServer } from '../support/openai-server.ts';
import { transcriptions } from '../support/openai-transcriptions.ts';
import { podAt, type ReferencePod, referencePod, wishFor } from '../support/reference-pod.ts';

let models: OpenAiServer;
let films: MarkedFilms;
let pod: ReferencePod;
const KEY = 'films/film.mp4';
const API_KEY = 'a-key-for-pods';

/** Keeps a transcription waiting until it is let go: a run that lasts as long as a test wants. */
function gate() {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const waiting: Answer = async (asked, response) => {
    await opened;
    return transcriptions(asked, response);
  };
  return { open, waiting };
}
let gates: ReturnType<typeof gate>[] = [];
const holdTranscription = () => {
  const it = gate();
  gates.push(it);
  models.next(it.waiting);
  return it;
};

beforeAll(async () => {
  models = await openAiServer();
  const env = { TRANSCRIBE_BASE_URL: models.baseUrl, TRANSCRIBE_API_KEY: models.apiKey, VL_POD_API_KEY: API_KEY };
  pod = await referencePod(env);
  films = await markedFilms(join(pod.store, 'films'));
});
afterAll(async () => {
  await pod[Symbol.asyncDispose]();
  await models[Symbol.asyncDispose]();
});
beforeEach(() => models.requests.splice(0));
afterEach(() => {
  for (const it of gates) it.open();
  gates = [];
});

const asked = () => models.requests.length;
const running = (id: string) =>
  eventually('the run to listen', async () => {
    const { body } = await pod.ask('GET', `/run/${id}`);
    return body.status === 'running' && body.stage === 'listen' && asked() > 0;
  });

describe('a run', () => {
  test('writes what is said, in its language, and answers when all of it is stored', async () => {
    const wish = wishFor(KEY);
    const { status, body } = await pod.run(wish);
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'completed', provider: 'openai/whisper-1', language: 'pt', cues: 2 });
    expect(body.cost).toBeCloseTo((8 / 60) * 0.006, 5);
    expect(await pod.text(wish, 'subtitles.vtt')).toMatch(
      /^WEBVTT\n\n00:00:00\.000 --> 00:00:04\.000\nThe quick .* dog\.\n\n00:00:04\.000 --> 00:00:08\.0..\nShe told me to be quiet\./,
    );
    expect(await pod.text(wish, 'master.m3u8')).toContain('NAME="Portuguese",LANGUAGE="pt"');
    expect(await pod.ask('GET', `/run/${wish.job_id}`)).toMatchObject({ status: 200, body: { status: 'completed' } });
    expect(await readdir(join(pod.dir, 'scratch', `pod-${process.pid}`))).toEqual([]);
  });

  test('is translated into what was wished', async () => {
    const wish = wishFor(KEY, { source_lang: 'pt', target_lang: 'en' });
    expect((await pod.run(wish)).body).toMatchObject({ language: 'en', source_language: 'pt' });
    expect(models.requests.map(({ path }) => path)).toEqual(['/v1/audio/translations']);
    expect(await pod.text(wish, 'master.m3u8')).toContain('NAME="English",LANGUAGE="en"');
  });

  test('again is not begun again: while it lasts one waits for it, and then the manifest answers', async () => {
    const { open } = holdTranscription();
    const wish = wishFor(KEY);
    const both = [pod.run(wish), pod.run(wish)];
    await running(wish.job_id);
    expect((await pod.ask('GET', '/health')).body).toMatchObject({ status: 'ok', busy: true, running: wish.job_id });
    open();
    const [first, second] = await Promise.all(both);
    expect(first).toEqual(second);
    expect(first!.status).toBe(200);
    expect(await pod.run(wish)).toEqual(first);
    expect(asked()).toBe(1);
  });

  test('is the only one: another is told which it has to wait for', async () => {
    const { open } = holdTranscription();
    const wish = wishFor(KEY);
    const first = pod.run(wish);
    await running(wish.job_id);
    const { status, body } = await pod.run(wishFor(KEY));
    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: 'busy',
      running: wish.job_id,
      detail: expect.stringMatching('one run at a time'),
    });
    open();
    expect((await first).status).toBe(200);
  });

  test('goes on when nobody waits for it any more', async () => {
    const { open } = holdTranscription();
    const wish = wishFor(KEY);
    const line = new AbortController();
    const dropped = pod.run(wish, line.signal).catch((error: Error) => error.name);
    await running(wish.job_id);
    line.abort();
    expect(await dropped).toBe('AbortError');
    open();
    await eventually('the run to end', async () => {
      const { body } = await pod.ask('GET', `/run/${wish.job_id}`);
      return body.status === 'completed';
    });
    expect(asked()).toBe(1);
  });

  test('that failed says why, and is begun again when it is sent again', async () => {
    models.next(failing(500, 'oops'));
    const wish = wishFor(KEY);
    const { status, body } = await pod.run(wish);
    expect(status).toBe(502);
    expect(body).toMatchObject({ code: 'provider_unavailable', detail: expect.stringMatching('oops') });
    expect((await pod.ask('GET', `/run/${wish.job_id}`)).body).toEqual({ status: 'failed', error: body.detail });
    expect((await pod.run(wish)).status).toBe(200);
  });

  test('whose files cannot be stored has no manifest', async () => {
    const wish = wishFor(KEY);
    await mkdir(join(pod.store, 'out', wish.job_id, 'video.m3u8', 'in-the-way'), { recursive: true });
    expect((await pod.run(wish)).status).toBe(500);
    expect(await readdir(join(pod.store, 'out', wish.job_id))).not.toContain('manifest.json');
  });

  test('takes a manifest of another job, or half of one, for none', async () => {
    const wish = wishFor(KEY);
    const out = join(pod.store, 'out', wish.job_id);
    await mkdir(out, { recursive: true });
    const other = { job_id: randomUUID(), subtitle_vtt_url: 'a', subtitle_hls_master: 'b' };
    for (const found of [JSON.stringify(other), '{"job_id":']) {
      await writeFile(join(out, 'manifest.json'), found);
      expect((await pod.run(wish)).body.job_id).toBe(wish.job_id);
      await rm(join(out, 'manifest.json'));
    }
    expect(asked()).toBe(2);
  });

  test('finds its video through the link where the bucket has it not', async () => {
    const film = await readFile(films.film);
    await using there = await serving(() => film);
    const input_url = `${there.url}/presigned?signature=x`;
    expect((await pod.run(wishFor('elsewhere/film.mp4', { input_url }))).status).toBe(200);
    const gone = await pod.run(wishFor('elsewhere/film.mp4', { input_url: `${there.url}/404` }));
    expect([gone.status, gone.body.code]).toEqual([422, 'source_missing']);
  });
});

describe('stopped', () => {
  test('it ends, whoever waits for it is told, and the next may come', async () => {
    holdTranscription();
    const wish = wishFor(KEY);
    const waiting = pod.run(wish);
    await running(wish.job_id);
    const stopped = await pod.ask('DELETE', `/run/${wish.job_id}`);
    expect(stopped).toMatchObject({ status: 200, body: { status: 'failed', error: expect.stringMatching('stopped') } });
    expect(await waiting).toMatchObject({ status: 410, body: { code: 'stopped' } });
    expect((await pod.ask('GET', '/health')).body).toMatchObject({ busy: false, running: null });
    expect(await readdir(join(pod.dir, 'scratch', `pod-${process.pid}`))).toEqual([]);
    expect((await pod.run(wishFor(KEY))).status).toBe(200);
    expect((await pod.ask('DELETE', `/run/${wish.job_id}`)).body.status).toBe('failed');
  });

  test('and wanted again at once, it is begun anew', async () => {
    holdTranscription();
    const wish = wishFor(KEY);
    const first = pod.run(wish);
    await running(wish.job_id);
    const stopping = pod.ask('DELETE', `/run/${wish.job_id}`);
    const again = pod.run(wish);
    expect([(await first).status, (await stopping).status, (await again).status]).toEqual([410, 200, 200]);
  });

  test('with ffmpeg and all that it has started', async () => {
    // Encoding for ever, in a process of its own.
    const mark = String(7_000 + Math.floor(Math.random() * 1_000_000));
    const slow = join(pod.dir, 'slow-ffmpeg');
    const real = pod.settings.FFMPEG_PATH;
    await writeFile(slow, `#!/bin/sh\ncase "$*" in *"-f hls"*) sleep ${mark} & wait;; *) exec ${real} "$@";; esac\n`);
    await chmod(slow, 0o755);
    await using other = await referencePod({ FFMPEG_PATH: slow, STORAGE_DIR: pod.store });
    const wish = wishFor(KEY);
    const waiting = other.run(wish);
    await eventually('ffmpeg to run', async () => alive(mark));
    await other.ask('DELETE', `/run/${wish.job_id}`);
    expect((await waiting).status).toBe(410);
    await eventually('ffmpeg to be gone', async () => !alive(mark));
  });

  const alive = (mark: string) =>
    execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })
      .split('\n')
      .some((line) => line.trim() === `sleep ${mark}`);
});

describe('asked for what it cannot do, it says so before anything begins', () => {
  test.each([
    ['dubbing', { enable_dubbing: true }, 422, 'not_configured', /dub/],
    ['a translation that nobody can do', { target_lang: 'de' }, 422, 'not_configured', /OPENAI_API_KEY/],
    ['segments of no length', { hls_segment: 0 }, 422, 'invalid_request', /hls_segment/],
    ['a language that is none', { target_lang: 'en"\n#EXT-X-MEDIA' }, 422, 'invalid_request', /target_lang/],
    ['files outside of the bucket', { s3_output_prefix: '../out' }, 422, 'invalid_request', /s3_output_prefix/],
    ['a video outside of the bucket', { s3_input_key: '/etc/passwd' }, 422, 'invalid_request', /s3_input_key/],
    ['nothing that it knows', { job_id: 'x' }, 422, 'invalid_request', /job_id/],
  ])('%s', async (_what, more, status, code, told) => {
    const answer = await pod.run(wishFor(KEY, more as Partial<PodRun>));
    expect(answer).toMatchObject({ status, body: { status, code, detail: expect.stringMatching(told) } });
    expect(asked()).toBe(0);
  });

  test('a run of which it knows nothing, an address that is not there, half a body', async () => {
    const id = randomUUID();
    for (const method of ['GET', 'DELETE']) {
      expect(await pod.ask(method, `/run/${id}`)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    }
    expect((await pod.ask('GET', '/runs')).status).toBe(404);
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${API_KEY}` };
    const half = await fetch(`${pod.url}/run`, { method: 'POST', headers, body: '{"job_id":' });
    expect(half.status).toBe(400);
  });

  test.each([undefined, 'Bearer another', API_KEY])('without its key (%s) nothing at all', async (authorization) => {
    const headers = { 'content-type': 'application/json', ...(authorization && { authorization }) };
    const body = JSON.stringify(wishFor(KEY));
    const answer = await fetch(`${pod.url}/run`, { method: 'POST', headers, body });
    expect(answer.status).toBe(401);
    expect((await fetch(`${pod.url}/health`)).status).toBe(200);
  });

  test('open to others without a key it does not start', () => {
    expect(() => readConfig({ POD_HOST: '0.0.0.0' })).toThrow(/set VL_POD_API_KEY/);
    expect(readConfig({ POD_HOST: '0.0.0.0', VL_POD_API_KEY: 'k' })).toMatchObject({ host: '0.0.0.0', port: 8_100 });
  });
});

describe('a playlist that means harm', () => {
  const END = '#EXT-X-ENDLIST';
  const list = (...lines: string[]) => ['#EXTM3U', ...lines].join('\n');
  const one = (uri: string) => list('#EXTINF:4,', uri, END);
  const variant = (uri: string) => list('#EXT-X-STREAM-INF:BANDWIDTH=1', uri);

  test.each([
    ['names a file of this machine', one('file:///etc/passwd'), 'source_refused'],
    ['leads out of the bucket', one('../../../../../../etc/passwd'), 'source_refused'],
    [
      'has its header elsewhere',
      list('#EXT-X-MAP:URI="file:///etc/passwd"', '#EXTINF:4,', 'film.mp4', END),
      'source_refused',
    ],
    ['names a variant of this machine', variant('file:///etc/passwd'), 'source_refused'],
    ['names itself', variant('evil.m3u8'), 'media_unreadable'],
    ['names a playlist as a segment', one('evil.m3u8'), 'media_unreadable'],
    ['names a list of files as a segment', one('list.txt'), 'media_unreadable'],
    ['names what is not there', one('nothing.ts'), 'source_missing'],
    [
      'names a range behind the end',
      list('#EXTINF:4,', '#EXT-X-BYTERANGE:9@999999999', 'film.mp4', END),
      'media_truncated',
    ],
    [
      'is encrypted',
      list('#EXT-X-KEY:METHOD=AES-128,URI="http://127.0.0.1/key"', '#EXTINF:4,', 'film.mp4', END),
      'media_forbidden',
    ],
    ['is live', list('#EXTINF:4,', 'film.mp4'), 'media_truncated'],
    ['is no film', 'only text', 'media_unreadable'],
  ])('(%s) is refused', async (_what, playlist, code) => {
    await writeFile(join(films.dir, 'evil.m3u8'), playlist);
    await writeFile(join(films.dir, 'list.txt'), 'ffconcat version 1.0\nfile /etc/passwd\n');
    const { status, body } = await pod.run(wishFor('films/evil.m3u8'));
    expect({ status, code: body.code }).toEqual({ status: 422, code });
    expect(body.detail).toMatch(/\w{3}/);
  });

  test('is not followed to another host, neither by us nor by ffmpeg', async () => {
    let visits = 0;
    await using there = await serving(() => {
      visits++;
      return Buffer.from('x');
    });
    await writeFile(join(films.dir, 'inner.m3u8'), one(`${there.url}/a.ts`));
    for (const playlist of [one(`${there.url}/a.ts`), variant(`${there.url}/a.m3u8`), one('inner.m3u8')]) {
      await writeFile(join(films.dir, 'evil.m3u8'), playlist);
      expect((await pod.run(wishFor('films/evil.m3u8'))).status).toBe(422);
    }
    expect(visits).toBe(0);
  });

  test('that names one file a thousand times is not larger than a video may be', async () => {
    const { length } = await readFile(films.film);
    await using small = await referencePod({ MAX_SOURCE_BYTES: String(20 * length), STORAGE_DIR: pod.store });
    const often = Array(1_000).fill('#EXTINF:4,\nfilm.mp4') as string[];
    await writeFile(join(films.dir, 'evil.m3u8'), list(...often, END));
    expect((await small.run(wishFor('films/evil.m3u8'))).body).toMatchObject({ code: 'source_too_large' });
    expect(await readdir(join(small.dir, 'scratch', `pod-${process.pid}`))).toEqual([]);
  });
});

test('with S3 the video comes from one bucket, and all that is made goes to another, under whole keys', async () => {
  const s3 = await fakeS3();
  try {
    const { endpoint, ...access } = s3.config();
    await fetch(`${endpoint}/inputs`, { method: 'PUT' });
    const settings = {
      ...{ STORAGE: 's3', S3_BUCKET: access.bucket, INPUT_BUCKET_NAME: 'inputs', S3_ENDPOINT: endpoint! },
      ...{ S3_ACCESS_KEY_ID: 'test', S3_SECRET_ACCESS_KEY: 'test', S3_PREFIX: 'not/for/pods' },
    };
    const config = readConfig(settings);
    const [inputs, outputs] = [openStore(config.inputs), openStore(config.outputs)];
    const hls = ['-c', 'copy', '-f', 'hls', '-hls_time', '2', '-hls_playlist_type', 'vod'];
    await mkdir(join(films.dir, 's3'));
    await films.ffmpeg('-i', 'film.mp4', ...hls, '-hls_segment_filename', 's3/%d.ts', 's3/index.m3u8');
    for (const name of await readdir(join(films.dir, 's3'))) {
      const body = createReadStream(join(films.dir, 's3', name));
      await inputs.put(`posts/7/${name}`, body, { contentType: 'application/octet-stream' });
    }
    await using remote = await referencePod(settings);
    const wish = wishFor('posts/7/index.m3u8', { s3_output_prefix: 'whole/prefix/7' });
    expect((await remote.run(wish)).body).toMatchObject({ subtitle_vtt_url: 'whole/prefix/7/subtitles.vtt', cues: 2 });
    // As the bucket itself has it: S3_PREFIX stands before no key that a pod is told.
    const written = await fetch(`${endpoint}/${access.bucket}/whole/prefix/7/manifest.json`);
    const manifest = (await written.json()) as PodManifest;
    const heads = await Promise.all(manifest.files!.map(({ key }) => outputs.head(key)));
    expect(heads.map((head) => ({ key: head?.key, bytes: head?.bytes }))).toEqual(manifest.files);
    expect(await outputs.head('whole/prefix/7/master.m3u8')).toMatchObject({
      contentType: 'application/vnd.apple.mpegurl',
    });
  } finally {
    await s3.stop();
  }
});

test('killed in the middle of a run, it comes back knowing nothing, clears up, and makes it whole', async () => {
  const port = String(await freePort());
  const settings = { ...pod.settings, POD_PORT: port, SCRATCH_DIR: join(pod.dir, 'other-scratch'), LOG_LEVEL: 'info' };
  const process_ = async () => {
    const child = spawn(process.execPath, ['apps/pod/src/main.ts'], { env: { PATH: process.env.PATH, ...settings } });
    onTestFinished(() => void child.kill('SIGKILL'));
    await eventually('the pod to answer', async () => (await fetch(`http://127.0.0.1:${port}/health`)).ok);
    return child;
  };
  const here = podAt(`http://127.0.0.1:${port}`, { ...pod, apiKey: API_KEY, close: async () => {} });
  const killed = await process_();
  holdTranscription();
  const wish = wishFor(KEY);
  const line = here.run(wish).catch((error: Error) => error.message);
  await eventually('the run to listen', async () => asked() > 0);
  expect(await readdir(settings.SCRATCH_DIR)).toEqual([`pod-${killed.pid}`]);
  killed.kill('SIGKILL');
  expect(await line).toBe('fetch failed');

  const child = await process_();
  expect(await readdir(settings.SCRATCH_DIR)).toEqual([]);
  expect((await here.ask('GET', `/run/${wish.job_id}`)).status).toBe(404);
  expect((await here.run(wish)).status).toBe(200);

  holdTranscription();
  const another = here.run(wishFor(KEY));
  await eventually('the run to listen', async () => asked() > 2);
  child.kill('SIGTERM');
  expect(await another).toMatchObject({ status: 503, body: { code: 'closing' } });
  expect(await once(child, 'exit')).toEqual([0, null]);
});

async function serving(file: () => Buffer) {
  const server = createServer((request, response) => {
    if (request.url === '/404') response.writeHead(404).end();
    else response.end(file());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
