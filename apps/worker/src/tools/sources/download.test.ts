import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { privateHosts } from '@reverie/net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endlessServer, mediaServer, type Served } from '../../../../../test/support/media-server.ts';
import { download } from './download.ts';
import { webPieces } from './web.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'download-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const MIB = 2 ** 20;
const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * 7 + (n >> 8)) % 251));
const other = Buffer.from(bytes.map((byte) => 255 - byte));
const PATIENCE = { tries: 2, seconds: 5, waitMs: 5 };
/** What a client has read when the line is cut may be less than what was sent. */
const REST = expect.stringMatching(/^bytes=[1-9]\d*-$/);
let files = 0;

async function fetched(url: string, { maxBytes = MIB, signal = new AbortController().signal } = {}) {
  const path = join(folder, String(files++));
  const told: [have: number, of: number | undefined][] = [];
  const pieces = webPieces(url, { privateHosts: privateHosts('127.0.0.1'), maxBytes, signal });
  const onBytes = (have: number, of: number | undefined) => told.push([have, of]);
  await download(pieces, { path, maxBytes, signal, onBytes, patience: PATIENCE });
  return { got: await readFile(path), told };
}

const refused = (served: Partial<Served> | undefined, maxBytes?: number) =>
  mediaServer(served ? { file: { bytes, ...served } } : {}).then(({ url }) =>
    fetched(url('file'), maxBytes === undefined ? {} : { maxBytes }).then(
      () => 'nothing',
      (error) => error,
    ),
  );

describe('a cut connection (F33, C12)', () => {
  test('is gone on with where it was cut, as often as something new comes', async () => {
    const cuts = [50_000, 10, 90_000, 40_000, 1_000];
    const { url, asked } = await mediaServer({ file: { bytes, cuts } });
    const { got, told } = await fetched(url('file'));
    expect(got.equals(bytes)).toBe(true);
    expect(told.at(-1)).toEqual([bytes.length, bytes.length]);
    expect(asked.map(({ range }) => range)).toEqual([undefined, REST, REST, REST, REST, REST]);
    const starts = asked.slice(1).map(({ range }) => Number(/\d+/.exec(range!)![0]));
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
    expect(asked.slice(1).every(({ ifRange }) => ifRange === '"one"')).toBe(true);
  });

  test('by the date of the file, where it has no strong tag', async () => {
    const lastModified = 'Sat, 01 Aug 2026 10:00:00 GMT';
    const { url, asked } = await mediaServer({ file: { bytes, cuts: [50_000], etag: false, lastModified } });
    expect((await fetched(url('file'))).got.equals(bytes)).toBe(true);
    expect(asked[1]).toMatchObject({ range: REST, ifRange: lastModified });
  });

  test('also where nobody said how long the file is', async () => {
    const { url, asked } = await mediaServer({ file: { bytes, cuts: [50_000], length: false } });
    expect((await fetched(url('file'))).got.equals(bytes)).toBe(true);
    expect(asked[1]).toMatchObject({ range: REST });
  });

  test.each<[string, Partial<Served>]>([
    ['does not know ranges', { ranges: false }],
    ['has nothing to tell two files apart', { etag: false }],
    ['has but a weak tag', { etag: 'W/"one"' }],
  ])('is begun anew when the server %s', async (_how, served) => {
    const { url, asked } = await mediaServer({ file: { bytes, cuts: [50_000], ...served } });
    expect((await fetched(url('file'))).got.equals(bytes)).toBe(true);
    expect(asked).toHaveLength(2);
  });

  test.each([
    ['another', other],
    ['a shorter one', other.subarray(0, 10_000)],
  ])('is begun anew when the file has become %s', async (_which, next) => {
    const file: Served = { bytes, cuts: [50_000] };
    file.onAsked = (nth) => nth === 2 && Object.assign(file, { bytes: next, etag: '"two"' });
    const { url } = await mediaServer({ file });
    expect((await fetched(url('file'))).got.equals(next)).toBe(true);
  });

  test('two halves of two files are not put together by a server that minds no If-Range', async () => {
    const file: Served = { bytes, cuts: [50_000], headers: { etag: '"one"' } };
    // It goes on serving ranges of what was replaced, and only the tag tells.
    file.onAsked = (nth) => nth === 2 && Object.assign(file, { bytes: other, headers: { etag: '"two"' } });
    const { url } = await mediaServer({ file });
    expect((await fetched(url('file'))).got.equals(other)).toBe(true);
  });

  test('is given up when tries in a row bring nothing new', async () => {
    const { url, asked } = await mediaServer({ file: { bytes, cuts: [50_000, 0, 0, 0, 0, 0], length: true } });
    await expect(fetched(url('file'))).rejects.toMatchObject({ code: 'source_unavailable' });
    expect(asked).toHaveLength(1 + PATIENCE.tries);
  });

  test('before the first byte is left to the next attempt', async () => {
    const { url, asked } = await mediaServer({ file: { bytes, cuts: [0] } });
    await expect(fetched(url('file'))).rejects.toMatchObject({ code: 'source_unavailable' });
    expect(asked).toHaveLength(1);
  });
});

describe('what is too large', () => {
  test('is refused by its length, before it comes', async () => {
    expect(await refused({}, 299_999)).toMatchObject({ code: 'source_too_large' });
  });

  test('is fetched when it is just as large as it may be', async () => {
    expect(await refused({ length: false }, 300_000)).toBe('nothing');
  });

  test('is cut off where it has no length', async () => {
    expect(await refused({ length: false }, 299_999)).toMatchObject({ code: 'source_too_large' });
  });

  test('has no end, and is left in the middle', async () => {
    const { url, sent } = await endlessServer();
    await expect(fetched(url)).rejects.toMatchObject({ code: 'source_too_large' });
    expect(sent()).toBeLessThan(20 * MIB);
  });
});

describe('what the server says instead', () => {
  test.each([
    [404, 'source_missing'],
    [410, 'source_missing'],
    [401, 'source_missing'],
    [403, 'source_missing'],
    [400, 'source_refused'],
    [451, 'source_refused'],
    [304, 'source_refused'],
    [206, 'source_unavailable'],
    [408, 'source_unavailable'],
    [500, 'source_unavailable'],
    [503, 'source_unavailable'],
  ])('%i is %s', async (status, code) => {
    expect(await refused({ status })).toMatchObject({ code });
  });

  test('429 names the time to stay away', async () => {
    const failed = await refused({ status: 429, headers: { 'retry-after': '120' } });
    expect(failed).toMatchObject({ code: 'source_unavailable', retryAfterSeconds: 120 });
  });

  test.each(['text/html; charset=utf-8', 'application/json', 'image/png', 'application/rss+xml', 'text/plain'])(
    '%s is no recording',
    async (type) => {
      expect(await refused({ type })).toMatchObject({ code: 'source_not_media' });
    },
  );

  test.each(['text/vnd.trolltech.linguist', 'text/vnd.trolltech.linguist; charset=utf-8'])(
    '%s is what many servers call a transport stream',
    async (type) => {
      expect(await refused({ type })).toBe('nothing');
    },
  );

  test.each(['application/octet-stream', 'binary/octet-stream', 'video/mp4', 'audio/x-wav', 'application/mp4', ''])(
    '"%s" may be one',
    async (type) => {
      expect(await refused({ type })).toBe('nothing');
    },
  );

  test('packed although it was asked not to', async () => {
    expect(await refused({ headers: { 'content-encoding': 'gzip' } })).toMatchObject({ code: 'source_not_media' });
  });

  test('nothing: nobody is there', async () => {
    await expect(fetched('http://127.0.0.1:1/file')).rejects.toMatchObject({ code: 'source_unavailable' });
  });
});

describe('where we do not go', () => {
  test('a private address, asked for or redirected to: its server is not called (T19)', async () => {
    const canary = await mediaServer({ secret: { bytes } }, '0.0.0.0');
    const secret = canary.url('secret').replace('127.0.0.1', '127.0.0.2');
    const headers = { location: secret };
    expect(await refused({ status: 302, headers })).toMatchObject({ code: 'source_refused' });
    await expect(fetched(secret)).rejects.toMatchObject({ code: 'source_refused' });
    expect(canary.asked).toEqual([]);
  });

  test('on and on: after three redirects it is enough', async () => {
    const { url, asked } = await mediaServer({
      file: { bytes, status: 302, headers: { location: '/file' } },
    });
    await expect(fetched(url('file'))).rejects.toMatchObject({ code: 'source_refused' });
    expect(asked).toHaveLength(4);
  });
});

test('whoever asked may change his mind', async () => {
  const stop = new AbortController();
  const { url } = await endlessServer();
  const asked = fetched(url, { signal: stop.signal, maxBytes: 2 ** 40 });
  setTimeout(() => stop.abort(new Error('cancelled')), 60);
  await expect(asked).rejects.toThrow('cancelled');
});
