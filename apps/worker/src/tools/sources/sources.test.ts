import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { artifactKey } from '@reverie/contracts';
import { run } from '@reverie/media';
import { privateHosts } from '@reverie/net';
import { linkSigner, openStore } from '@reverie/storage';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeS3 } from '../../../../../packages/storage/src/fake-s3.ts';
import { fakeYtdlp } from '../../../../../test/support/fake-ytdlp.ts';
import { ffmpegForTests } from '../../../../../test/support/ffmpeg.ts';
import { mediaServer, type Served } from '../../../../../test/support/media-server.ts';
import { openScratch } from '../scratch.ts';
import { openSources, type SourcesOptions } from './sources.ts';

const { ffmpegPath, ffprobePath } = await ffmpegForTests();
const never = new AbortController().signal;
const UPLOAD = '0b8e7bd8-0f0f-4a53-9d5c-3a6f0d1c2b3a';
let root: string;
let film: Buffer;
let ytdlpPath: string;
let s3: Awaited<ReturnType<typeof fakeS3>>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sources-'));
  const made = ['-f', 'lavfi', '-i', 'testsrc2=s=160x90:r=25:d=2', '-f', 'lavfi', '-i', 'sine=d=2'];
  const encoded = ['-c:v', 'libx264', '-preset', 'ultrafast', '-c:a', 'aac', '-movflags', 'faststart', 'film.mp4'];
  await run(ffmpegPath, ['-v', 'error', '-nostdin', ...made, ...encoded], { cwd: root, signal: never });
  film = await readFile(join(root, 'film.mp4'));
  ytdlpPath = await fakeYtdlp(join(root, 'yt-dlp'), { film: join(root, 'film.mp4') });
  s3 = await fakeS3();
});
afterAll(async () => {
  await s3.stop();
  await rm(root, { recursive: true, force: true });
});

let attempts = 0;

/** The tool in a folder and with a store of its own. */
async function sourcesWith(more: Partial<SourcesOptions> = {}) {
  const dir = join(root, String(attempts++));
  const links = linkSigner({ secret: 's', baseUrl: 'http://x' } as never);
  const store = openStore({ kind: 'fs', dir: join(dir, 'store'), links });
  const place = await (await openScratch({ dir: join(dir, 'scratch'), store })).open('task', 1);
  const access = { ...s3.config(), prefix: undefined };
  const sources = openSources({
    ...{ ffmpegPath, ffprobePath, ytdlpPath, place, store, maxBytes: 2 ** 20, maxSeconds: 60 },
    privateHosts: privateHosts('127.0.0.1'),
    s3: { access, buckets: ['footage', 'not-there'] },
    patience: { tries: 2, seconds: 5, waitMs: 5 },
    ...more,
  });
  const told: number[] = [];
  const running = { signal: never, soundAlone: false, progress: (percent: number) => told.push(percent) };
  const fetch = (source: string) => sources.fetch(source, { key: (extension) => `out/source.${extension}` }, running);
  const code = (source: string) =>
    fetch(source).then(
      () => 'nothing',
      (error) => error.code ?? error.message,
    );
  return { fetch, code, told, store, place, stored: (key: string) => readFile(join(dir, 'store', key)) };
}

const FACTS = {
  duration: 2,
  video: { codec: 'h264', width: 160, height: 90, pixelFormat: 'yuv420p', fps: 25 },
  audio: { codec: 'aac', sampleRate: 44_100, channels: 1 },
};

describe('from the web (F33)', () => {
  test('cut twice on the way, stored whole under what it is, with rising progress and nothing left behind', async () => {
    const { url } = await mediaServer({
      'a.php': { bytes: film, cuts: [9_000, 9_000], type: 'application/octet-stream' },
    });
    const { fetch, told, place, stored } = await sourcesWith();
    const { media, facts } = await fetch(url('a.php?x=.avi'));
    expect(media).toEqual({ key: 'out/source.mp4', bytes: film.length, contentType: 'video/mp4' });
    expect(facts).toEqual(FACTS);
    expect((await stored(media.key)).equals(film)).toBe(true);
    expect(await readdir(place.path)).toEqual([]);
    expect(told).toEqual([...new Set(told)].sort((a, b) => a - b));
    expect(told.at(-1)).toBe(100);
  });

  test('a transport stream that its server takes for words', async () => {
    const to = { cwd: root, signal: never };
    await run(ffmpegPath, ['-v', 'error', '-nostdin', '-i', 'film.mp4', '-c', 'copy', 'film.ts'], to);
    const bytes = await readFile(join(root, 'film.ts'));
    const { url } = await mediaServer({ 'film.ts': { bytes, type: 'text/vnd.trolltech.linguist' } });
    const { fetch } = await sourcesWith();
    expect((await fetch(url('film.ts'))).facts).toMatchObject({ video: FACTS.video, audio: FACTS.audio });
  });

  test.each([
    ['no.mp4', 'source_missing'],
    ['empty.mp4', 'media_empty'],
    ['page.mp4', 'media_unreadable'],
    ['list.mp4', 'media_forbidden'],
    ['cut.mp4', 'media_truncated'],
    ['told.html', 'source_not_media'],
    ['words.ts', 'media_unreadable'],
    ['large.mp4', 'source_too_large'],
  ])('%s is %s, and nothing is stored', async (path, code) => {
    const { url } = await mediaServer({
      'empty.mp4': { bytes: Buffer.alloc(0) },
      'page.mp4': { bytes: Buffer.from('<!doctype html><html>Please wait</html>') },
      'list.mp4': { bytes: Buffer.from('#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:1/x.ts\n') },
      'cut.mp4': { bytes: film.subarray(0, -5_000) },
      'told.html': { bytes: film, type: 'text/html' },
      'words.ts': { bytes: Buffer.from('<!DOCTYPE TS><TS version="2.1"></TS>'), type: 'text/vnd.trolltech.linguist' },
      'large.mp4': { bytes: Buffer.alloc(2 ** 20 + 1), length: false },
    });
    const sources = await sourcesWith();
    expect(await sources.code(url(path))).toBe(code);
    expect(await Array.fromAsync(sources.store.list(''))).toEqual([]);
  });
});

describe('from S3', () => {
  const put = async (bucket: string, key: string, body: Buffer) => {
    const { endpoint } = s3.config();
    await fetch(`${endpoint}/${bucket}`, { method: 'PUT' });
    await fetch(`${endpoint}/${bucket}/${encodeURIComponent(key)}`, { method: 'PUT', body: new Uint8Array(body) });
  };

  test('a listed bucket is read, with the credentials of the store', async () => {
    await put('footage', 'in/a b+c.mp4', film);
    const { fetch, stored } = await sourcesWith();
    const { media, facts } = await fetch('s3://footage/in/a b+c.mp4');
    expect([media.bytes, facts]).toEqual([film.length, FACTS]);
    expect((await stored(media.key)).equals(film)).toBe(true);
  });

  test.each([
    ['s3://footage/not/there.mp4', 'source_missing'],
    ['s3://not-there/film.mp4', 'source_missing'],
    ['s3://artifacts/film.mp4', 'source_refused'],
    ['s3://footage/../artifacts/film.mp4', 'source_refused'],
  ])('%s is %s', async (source, code) => {
    await put('artifacts', 'film.mp4', film);
    await put('footage', 'other.mp4', film);
    expect(await (await sourcesWith()).code(source)).toBe(code);
  });

  test('a cut connection is gone on with, and an object that was replaced is begun anew', async () => {
    const file: Served = { bytes: film, cuts: [9_000] };
    const replaced: Served = { bytes: Buffer.alloc(50_000), cuts: [9_000] };
    replaced.onAsked = (nth) => nth === 4 && Object.assign(replaced, { bytes: film, etag: '"two"' });
    const { asked, port } = await mediaServer({ 'footage/cut.mp4': file, 'footage/replaced.mp4': replaced });
    const access = { ...s3.config(), endpoint: `http://127.0.0.1:${port}`, prefix: undefined };
    const { fetch } = await sourcesWith({ s3: { access, buckets: ['footage'] } });
    for (const name of ['cut', 'replaced']) {
      expect(await fetch(`s3://footage/${name}.mp4`)).toMatchObject({ media: { bytes: film.length }, facts: FACTS });
    }
    expect(asked.map(({ range, ifMatch }) => [range, ifMatch])).toEqual([
      [undefined, undefined],
      [expect.stringMatching(/^bytes=[1-9]\d*-$/), '"one"'],
      [undefined, undefined],
      [expect.stringMatching(/^bytes=[1-9]\d*-$/), '"one"'],
      [undefined, undefined],
    ]);
  });

  test('an S3 that is away is the source’s trouble, not our store’s', async () => {
    const access = { ...s3.config(), endpoint: 'http://127.0.0.1:1', prefix: undefined };
    const { code } = await sourcesWith({ s3: { access, buckets: ['footage'] } });
    expect(await code('s3://footage/film.mp4')).toBe('source_unavailable');
  });
});

describe('an upload', () => {
  test('is looked at and handed on as it is', async () => {
    const { fetch, store, place } = await sourcesWith();
    const key = artifactKey.upload(UPLOAD);
    await store.put(key, createReadStream(join(root, 'film.mp4')), { contentType: 'video/mp4' });
    expect(await fetch(`upload:${UPLOAD}`)).toEqual({
      media: { key, bytes: film.length, contentType: 'video/mp4' },
      facts: FACTS,
    });
    expect(await readdir(place.path)).toEqual([]);
    expect((await Array.fromAsync(store.list(''))).map((stored) => stored.key)).toEqual([key]);
  });

  test('that was not finished is not there, and one too large is refused unread', async () => {
    const { code, store } = await sourcesWith({ maxBytes: 1_000 });
    expect(await code(`upload:${UPLOAD}`)).toBe('source_missing');
    await store.put(artifactKey.upload(UPLOAD), createReadStream(join(root, 'film.mp4')), { contentType: 'video/mp4' });
    expect(await code(`upload:${UPLOAD}`)).toBe('source_too_large');
  });
});

describe('from a page, by yt-dlp', () => {
  const page = (video: string) => `https://www.youtube.com/watch?v=${video}`;

  test('one video, with nothing of this machine and within the limits', async () => {
    const { fetch, place, told } = await sourcesWith();
    const { media, facts } = await fetch(page('good'));
    expect([media.contentType, media.bytes, facts]).toEqual(['video/mp4', film.length, FACTS]);
    expect(told.length).toBeGreaterThan(3);
    const { given, url } = JSON.parse(await readFile(join(place.path, 'asked.json'), 'utf8'));
    expect(url).toBe(page('good'));
    expect(given).toMatchObject({ 'ignore-config': true, 'no-cookies': true, 'no-playlist': true, 'no-exec': true });
    expect(given).toMatchObject({ 'max-filesize': '1048576', 'match-filters': '!is_live & duration<=?60' });
  });

  test.each([
    ['gone', 'source_missing'],
    ['long', 'media_too_long'],
    ['fragments', 'source_too_large'],
  ])('%s is %s', async (video, code) => {
    expect(await (await sourcesWith()).code(page(video))).toBe(code);
  });

  test('that is not installed is named, and what installs it', async () => {
    const { fetch } = await sourcesWith({ ytdlpPath: undefined });
    await expect(fetch(page('good'))).rejects.toMatchObject({
      code: 'not_configured',
      message: expect.stringContaining('install yt-dlp'),
    });
  });
});

describe('by a service in the worker’s place', () => {
  test('brings what is on the web; it is looked at all the same', async () => {
    const asked: string[] = [];
    const sources: { current?: Awaited<ReturnType<typeof sourcesWith>> } = {};
    const remote = async (url: string, { name }: { name: string }) => {
      asked.push(url);
      await writeFile(join(sources.current!.place.path, name), url.includes('bad') ? 'no film' : film);
      return { name, service: 'job-7' };
    };
    sources.current = await sourcesWith({ remote, ytdlpPath: undefined });
    const { fetch, code } = sources.current;
    const addresses = ['https://example.com/a.mp4', 'https://youtu.be/abc'];
    for (const address of addresses) expect(await fetch(address)).toMatchObject({ facts: FACTS, service: 'job-7' });
    expect(asked).toEqual(addresses);
    expect(await code('https://example.com/bad.mp4')).toBe('media_unreadable');
    expect(await code('http://10.0.0.1/a.mp4')).toBe('source_refused');
    expect(asked).toHaveLength(3);
  });
});
