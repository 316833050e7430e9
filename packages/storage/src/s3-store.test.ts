import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { fakeS3 } from './fake-s3.ts';
import { s3Client } from './s3-client.ts';
import { copyObject } from './s3-copy.ts';
import { s3Store } from './s3-store.ts';
import { describeStore } from './store.contract.ts';

const s3 = await fakeS3();
afterAll(() => s3.stop());
afterEach(() => vi.useRealTimers());

const MB = 1024 * 1024;
const txt = { contentType: 'text/plain' };
const from = (body: string | Buffer) => Readable.from([body]);

describeStore('s3', async () => ({
  store: s3Store(s3.config()),
  leftovers: async () => s3.uploads(),
  send: (url, body) => fetch(url, { method: 'PUT', body }),
}));

test('a presigned GET needs no credentials and ends when it said', async () => {
  const store = s3Store(s3.config());
  await store.put('a b+c%.txt', from('bytes'), txt);
  const url = await store.linkTo('a b+c%.txt', { method: 'GET', seconds: 60 });

  const answer = await fetch(url);
  expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
    200,
    'text/plain',
    'bytes',
  ]);
  expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({
    'X-Amz-Expires': '60',
    'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 62_000 });
  expect((await fetch(url)).status).toBe(403);
});

test('a presigned PUT takes a file of any type, unbound to a checksum nobody knows yet', async () => {
  const store = s3Store(s3.config());
  const url = await store.linkTo('in/upload.mp4', { method: 'PUT', seconds: 60 });
  expect(url).not.toMatch(/checksum/i);

  const answer = await fetch(url, { method: 'PUT', body: 'bytes', headers: { 'content-type': 'video/mp4' } });
  expect(answer.status).toBe(200);
  expect(await store.head('in/upload.mp4')).toMatchObject({ bytes: 5, contentType: 'video/mp4' });
});

test('the link to a part holds for its length alone, and for where callers reach S3', async () => {
  const config = s3.config();
  const store = s3Store({ ...config, publicEndpoint: 'https://files.example.org' });
  const token = await store.uploads.begin('a.mp4', { contentType: 'video/mp4' });
  const link = await store.uploads.linkToPart({ key: 'a.mp4', token, number: 2, bytes: 5_242_880 }, 60);
  expect(new URL(link).origin).toBe('https://files.example.org');
  expect(Object.fromEntries(new URL(link).searchParams)).toMatchObject({
    partNumber: '2',
    uploadId: token,
    'X-Amz-Expires': '60',
    'X-Amz-SignedHeaders': 'content-length;host',
  });
  expect(link).not.toMatch(/checksum/i);
  await store.uploads.abort('a.mp4', token);
});

test('what is above the limit of one copy is copied in parts, with its type', async () => {
  const config = { ...s3.config(), prefix: '' };
  const store = s3Store(config);
  const bytes = Buffer.alloc(12 * MB, 'reverie');
  await store.put('big +.mp4', from(bytes), { contentType: 'video/mp4' });
  const copy = {
    bucket: config.bucket,
    from: 'big +.mp4',
    to: 'copy.mp4',
    bytes: bytes.length,
    contentType: 'video/mp4',
  };

  await copyObject(s3Client(config), copy, { atOnceBytes: 11 * MB, partBytes: 5 * MB });
  expect(await store.head('copy.mp4')).toMatchObject({
    bytes: bytes.length,
    contentType: 'video/mp4',
    etag: expect.stringMatching(/-3"$/),
  });
  expect((await text((await store.get('copy.mp4'))!)) === bytes.toString()).toBe(true);

  const gone = { ...copy, from: 'nobody.mp4', to: 'none.mp4' };
  await expect(copyObject(s3Client(config), gone, { atOnceBytes: MB, partBytes: 5 * MB })).rejects.toThrow();
  expect(await store.head('none.mp4')).toBeUndefined();
  expect(s3.uploads()).toEqual([]);
});

test('a put stops on its signal though S3 has stopped answering', async () => {
  const store = s3Store(s3.config());
  s3.stalls.parts = true;
  const stop = new AbortController();
  const put = store.put('a.bin', from(Buffer.alloc(20 * MB)), { ...txt, signal: stop.signal });
  await vi.waitUntil(() => s3.uploads().length > 0);
  setTimeout(() => stop.abort(), 30);
  await expect(put).rejects.toThrow(/abort/i);
  s3.stalls.parts = false;
  expect(s3.uploads()).toEqual([]);
});

test('check says what is wrong: no bucket, or nobody there', async () => {
  await expect(s3Store({ ...s3.config(), bucket: 'elsewhere' }).check()).rejects.toThrow('S3 has no bucket elsewhere');
  const away = s3Store({ ...s3.config(), endpoint: 'http://127.0.0.1:9' });
  await expect(away.check()).rejects.toMatchObject({ code: 'storage_unavailable' });
  await expect(away.head('a.txt')).rejects.toMatchObject({ code: 'storage_unavailable' });
});

test('half a pair of keys is refused at once', () => {
  const { secretAccessKey: _, ...half } = s3.config();
  expect(() => s3Store(half)).toThrow('both accessKeyId and secretAccessKey');
});
