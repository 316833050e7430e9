import { createHash, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { linkSigner } from '@reverie/storage';
import { beforeAll, expect, test } from 'vitest';
import { productOfFile } from '../support/product-of-file.ts';

const KEY = 'dreams/one/video.mp4';
const FILE = randomBytes(100_000);
const { product, call } = await productOfFile({ env: { AUTH: 'keys' } });
let link: string;
beforeAll(async () => {
  await mkdir(join(product.dir, 'artifacts/dreams/one'), { recursive: true });
  await writeFile(join(product.dir, 'artifacts', KEY), FILE);
  link = links().sign('GET', KEY, 60);
});

const links = () => linkSigner({ secret: `links:${product.reportSecret}`, baseUrl: product.url });
const bytes = async (response: Response) => Buffer.from(await response.arrayBuffer());

test('F50: the file itself, with type, length, ETag', async () => {
  const response = await fetch(link);
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'video/mp4',
    'content-length': '100000',
    'accept-ranges': 'bytes',
    'x-content-type-options': 'nosniff',
  });
  expect((await bytes(response)).equals(FILE)).toBe(true);
  const again = await fetch(link, { headers: { 'if-none-match': response.headers.get('etag')! } });
  expect(again.status).toBe(304);
});

const RANGES: [string, number, string | null, Buffer][] = [
  ['bytes=0-99', 206, 'bytes 0-99/100000', FILE.subarray(0, 100)],
  ['bytes=99990-', 206, 'bytes 99990-99999/100000', FILE.subarray(99_990)],
  ['bytes=-10', 206, 'bytes 99990-99999/100000', FILE.subarray(99_990)],
  ['bytes=99990-200000', 206, 'bytes 99990-99999/100000', FILE.subarray(99_990)],
  ['bytes=5-2', 200, null, FILE],
  ['bytes=0-1,5-6', 200, null, FILE],
  ['lines=1-2', 200, null, FILE],
];
test.each(RANGES)('range %s', async (range, status, contentRange, expected) => {
  const response = await fetch(link, { headers: { range } });
  expect([response.status, response.headers.get('content-range')]).toEqual([status, contentRange]);
  const got = await bytes(response);
  expect(createHash('sha256').update(got).digest('hex')).toBe(createHash('sha256').update(expected).digest('hex'));
});

test('a range past the end is 416 and says how long the file is', async () => {
  const response = await fetch(link, { headers: { range: 'bytes=100000-' } });
  expect([response.status, response.headers.get('content-range')]).toEqual([416, 'bytes */100000']);
});

test('HEAD tells all and sends nothing', async () => {
  const response = await fetch(link, { method: 'HEAD' });
  expect([response.status, response.headers.get('content-length'), (await bytes(response)).length]).toEqual([
    200,
    '100000',
    0,
  ]);
});

test('a link that was altered, has expired or is for another file opens nothing', async () => {
  expect((await fetch(link.replace('video', 'film'))).status).toBe(403);
  expect((await fetch(link.replace(/expires=\d+/, 'expires=9999999999'))).status).toBe(403);
  expect((await fetch(links().sign('GET', KEY, -1))).status).toBe(403);
  expect((await fetch(`${product.url}/artifacts/${KEY}`)).status).toBe(401);
});

test('a presigned upload of the fs store arrives whole, and only with its link', async () => {
  const key = 'uploads/one/part.bin';
  const upload = links().sign('PUT', key, 60);
  const put = await fetch(upload, {
    method: 'PUT',
    body: FILE,
    headers: { 'content-type': 'application/octet-stream' },
  });
  expect([put.status, await put.json()]).toEqual([201, { key, bytes: 100_000 }]);
  expect((await bytes(await fetch(links().sign('GET', key, 60)))).equals(FILE)).toBe(true);
  expect((await call('PUT', `/artifacts/${key}`, 'x', { 'content-type': 'text/plain' })).status).toBe(403);
  expect(
    (await call('PUT', links().sign('GET', key, 60).slice(product.url.length), 'x', { 'content-type': 'text/plain' }))
      .status,
  ).toBe(403);
});
