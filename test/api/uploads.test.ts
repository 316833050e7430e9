import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { linkSigner, openStore, type Store } from '@reverie/storage';
import { afterAll, describe, expect, test } from 'vitest';
import { fakeS3 } from '../../packages/storage/src/fake-s3.ts';
import { type Client, clientOf } from '../support/client.ts';
import { withClient } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import type { Product } from '../support/product.ts';
import { productOfFile } from '../support/product-of-file.ts';
import { sendAndBreakOff, type Upload, uploader } from '../support/uploads.ts';

const MiB = 1024 ** 2;
const PART = 5 * MiB;
const FILE = randomBytes(12 * MiB);
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

const s3 = await fakeS3();
afterAll(() => s3.stop());
const s3Config = s3.config();
const small = { MAX_UPLOAD_BYTES: String(100 * MiB), LINK_SECONDS: '600' };

const [onFolder, onS3] = await Promise.all([
  productOfFile({ env: { AUTH: 'keys', ...small } }),
  productOfFile({
    env: {
      ...small,
      STORAGE_TYPE: 'hybrid',
      ALLOW_FACTORY_RESET: 'true',
      AWS_S3_BUCKET: s3Config.bucket,
      AWS_ENDPOINT_URL: s3Config.endpoint!,
      S3_PREFIX: s3Config.prefix!,
      AWS_ACCESS_KEY_ID: s3Config.accessKeyId!,
      AWS_SECRET_ACCESS_KEY: s3Config.secretAccessKey!,
    },
  }),
]);

const { stdout: annasKey } = await promisify(execFile)(
  process.execPath,
  ['apps/api/src/keys.ts', 'create', '--owner', 'anna'],
  { env: { PATH: process.env.PATH, DATABASE_URL: onFolder.product.databaseUrl } },
);
const anna = clientOf(onFolder.product.url, { authorization: `Bearer ${annasKey.trim()}` });

const links = linkSigner({ secret: 'unused', baseUrl: onFolder.product.url });
const folder = openStore({ kind: 'fs', dir: join(onFolder.product.dir, 'artifacts'), links });

const KINDS: [string, { product: Product; call: Client; store: Store }][] = [
  ['a folder', { product: onFolder.product, call: anna, store: folder }],
  ['S3', { product: onS3.product, call: onS3.call, store: openStore({ kind: 's3', ...s3Config }) }],
];

const sql = (product: Product, text: string, values: unknown[]) =>
  withClient(product.databaseUrl, async (client) => (await client.query(text, values)).rows);

const stored = async (store: Store, key: string) => {
  const body = await store.get(key);
  return body && Buffer.concat(await (body as Readable).toArray());
};

/** One part, sent and complete. */
async function uploaded(call: Client, body = Buffer.from('a video, say')): Promise<Upload> {
  const it = uploader(call, body, PART);
  const { upload_id: id, parts } = await it.begin();
  expect((await it.send(parts[0]!.url, 1)).status).toBe(200);
  return (await it.complete(id)).body;
}

describe.each(KINDS)('with %s', (_, { product, call, store }) => {
  test('F5 F41: parts out of order, one broken off, a restart in the middle: it goes on where it was', async () => {
    const it = uploader(call, FILE, PART);
    const { upload_id: id, parts, part_count } = await it.begin();
    expect([part_count, parts.map(({ bytes }) => bytes)]).toEqual([3, [PART, PART, 2 * MiB]]);

    const third = await it.send(parts[2]!.url, 3);
    expect([third.status, third.headers.get('etag')]).toEqual([200, expect.stringMatching(/^".+"$/)]);
    await sendAndBreakOff(parts[0]!.url, it.bytesOf(1), 2 * MiB);
    expect(await it.look(id)).toMatchObject({
      status: 'open',
      received: [{ number: 3, bytes: 2 * MiB }],
      missing: [1, 2],
    });
    const early = await it.complete(id);
    expect([early.status, early.body.code, early.body.detail]).toEqual([
      409,
      'upload_incomplete',
      expect.stringContaining('1, 2.'),
    ]);

    await product.api.stop('SIGKILL');
    await product.startApi();
    for (const number of (await it.look(id)).missing)
      expect((await it.send(await it.linkTo(id, number), number)).status).toBe(200);
    expect(await it.look(id)).toMatchObject({ missing: [] });
    expect(await stored(store, `uploads/${id}/file`)).toBeUndefined();

    const done = await it.complete(id);
    expect([done.status, done.body]).toMatchObject([200, { status: 'complete', source: `upload:${id}` }]);
    expect(await it.complete(id)).toMatchObject({ status: 200, body: done.body });
    expect(sha256((await stored(store, `uploads/${id}/file`))!)).toBe(sha256(FILE));
    expect((await it.send(parts[0]!.url, 1)).status).toBe(404);
    expect((await call('POST', `/uploads/${id}/parts`, { numbers: [1] })).body).toMatchObject({
      code: 'upload_not_open',
    });
  });

  test('F5: an API that died after the file was made and before it said so says so when asked again', async () => {
    const { upload_id: id } = await uploaded(call);
    await sql(product, `update uploads set status = 'open', completed_at = null where id = $1`, [id]);
    const it = uploader(call, FILE, PART);
    expect(await it.look(id)).toMatchObject({ status: 'open', missing: [], received: [{ number: 1, bytes: 12 }] });
    expect((await it.complete(id)).body).toMatchObject({ status: 'complete' });
  });

  test('F5: parts of the wrong length are no parts, and an upload its store lost is gone', async () => {
    const it = uploader(call, Buffer.from('a video, say'), PART);
    const { upload_id: id } = await it.begin();
    const [row] = await sql(product, 'select token from uploads where id = $1', [id]);
    const place = { key: `uploads/${id}/file`, token: row!.token as string, number: 1, bytes: 3 };
    if (store.uploads.receive) await store.uploads.receive(place, Readable.from(['odd']));
    else await fetch(await store.uploads.linkToPart(place, 60), { method: 'PUT', body: 'odd' });
    expect((await it.look(id)).missing).toEqual([1]);
    const answer = await it.complete(id);
    expect(answer).toMatchObject({ status: 409, body: { errors: [{ detail: 'has 3 bytes, not 12' }] } });

    await store.uploads.abort(place.key, place.token);
    expect(await it.complete(id)).toMatchObject({ status: 410, body: { code: 'upload_gone' } });
  });

  test('F5: an upload that is ended leaves nothing and takes nothing more', async () => {
    const it = uploader(call, Buffer.from('a video, say'), PART);
    const { upload_id: id, parts } = await it.begin();
    await it.send(parts[0]!.url, 1);
    expect((await call('DELETE', `/uploads/${id}`)).status).toBe(204);
    expect((await it.send(parts[0]!.url, 1)).status).toBe(404);
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/complete'],
    ] as const)
      expect((await call(method, `/uploads/${id}${path}`)).status).toBe(404);
  });
});

test('F5: S3 takes the parts itself, and no others than were asked for', async () => {
  const it = uploader(onS3.call, FILE, PART);
  const { upload_id: id, parts } = await it.begin();
  expect(new URL(parts[0]!.url).origin).toBe(s3Config.endpoint);
  expect(new URL(parts[0]!.url).searchParams.get('X-Amz-SignedHeaders')).toBe('content-length;host');
  expect((await onS3.call('DELETE', `/uploads/${id}`)).status).toBe(204);
  expect(s3.uploads()).toEqual([]);
});

const NAMES = ['../../etc/passwd', '/etc/passwd', 'C:\\x\\..\\y', '..', 'a"\'; drop table', '<b>.mp4', 'träume 🌙.mp4'];
test('F5: a name is kept as it is and never used', async () => {
  for (const filename of NAMES) {
    const { status, body } = await anna<Upload>('POST', '/uploads', { filename, bytes: 1 });
    expect([status, body]).toMatchObject([201, { filename, part_count: 1 }]);
    expect(new URL(body.parts[0]!.url).pathname).toBe(`/artifacts/uploads/${body.upload_id}/file`);
    await anna('DELETE', `/uploads/${body.upload_id}`);
  }
  const top = await readdir(join(onFolder.product.dir, 'artifacts'));
  expect(top).toEqual(['uploads']);
});

test.each([
  ['NUL', { filename: 'a\0b' }, 422, '/filename'],
  ['a line break', { filename: 'a\r\nb' }, 422, '/filename'],
  ['half a letter', { filename: '\ud800' }, 422, '/filename'],
  ['no name', { filename: '' }, 422, '/filename'],
  ['a long name', { filename: 'x'.repeat(256) }, 422, '/filename'],
  ['a name of a megabyte', { filename: 'x'.repeat(MiB) }, 413, undefined],
  ['an empty file', { bytes: 0 }, 422, '/bytes'],
  ['half a byte', { bytes: 1.5 }, 422, '/bytes'],
  ['a file above the limit', { bytes: 100 * MiB + 1 }, 413, '/bytes'],
  ['a file beyond all numbers', { bytes: 1e300 }, 422, '/bytes'],
  ['parts S3 does not take', { part_bytes: PART - 1 }, 422, '/part_bytes'],
  ['parts that are too long', { part_bytes: 2 * 1024 ** 3 }, 422, '/part_bytes'],
  ['a header in a type', { content_type: 'text/html\r\nx: y' }, 422, '/content_type'],
  ['a key of his own', { key: 'jobs/1' }, 422, '/key'],
])('F5: %s is refused', async (_, odd, status, pointer) => {
  const answer = await anna<{ errors?: { pointer: string }[] }>('POST', '/uploads', {
    filename: 'a.mp4',
    bytes: 10,
    ...odd,
  });
  expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([status, pointer]);
});

test('F5: a link to a part takes that part, of that length, and nothing else', async () => {
  const it = uploader(anna, FILE, PART);
  const { upload_id: id, parts } = await it.begin();
  const url = parts[2]!.url;
  const put = (to: string, body: Buffer<ArrayBuffer> | string) =>
    fetch(to, { method: 'PUT', body, headers: { 'content-type': 'application/json' } }).then(({ status }) => status);
  expect(await put(url, 'short')).toBe(400);
  expect(await put(url, FILE.subarray(0, 2 * MiB + 1))).toBe(413);
  expect(await put(url.replace('part=3', 'part=1'), FILE.subarray(0, 2 * MiB))).toBe(403);
  expect(await put(url.replace(id, id.replace(/^./, '0')), FILE.subarray(0, 2 * MiB))).toBe(403);
  const chunked = await new Promise<number>((resolve) => {
    const sending = request(url, { method: 'PUT', headers: { 'transfer-encoding': 'chunked' } });
    sending.on('response', ({ statusCode }) => resolve(statusCode!)).on('error', () => resolve(0));
    sending.end('x');
  });
  expect(chunked).toBe(411);
  expect((await it.look(id)).received).toEqual([]);
  expect((await anna('POST', `/uploads/${id}/parts`, { numbers: [4] })).body).toMatchObject({ code: 'no_such_part' });
  for (const numbers of [[], [0], [1.5], Array(101).fill(1)])
    expect((await anna('POST', `/uploads/${id}/parts`, { numbers })).status).toBe(422);
  await anna('DELETE', `/uploads/${id}`);
});

test('F5: a job takes an upload of its owner that is complete', async () => {
  const submit = (source: string) =>
    anna('POST', '/jobs', { pipeline: 'analysis', input: { sourceUrl: source }, held: true });
  const open = await uploader(anna, FILE, PART).begin();
  const bens = await uploaded(anna);
  await sql(onFolder.product, `update uploads set owner = 'ben' where id = $1`, [bens.upload_id]);
  const unknown = 'upload:00000000-0000-4000-8000-000000000000';

  for (const [source, code] of [
    [open.source, 'upload_incomplete'],
    [bens.source, 'upload_unknown'],
    [unknown, 'upload_unknown'],
  ] as const) {
    const { status, body } = await submit(source);
    expect([status, body]).toMatchObject([422, { code, errors: [{ pointer: '/input/sourceUrl' }] }]);
  }
  for (const [method, path] of [
    ['GET', ''],
    ['DELETE', ''],
    ['POST', '/complete'],
  ] as const)
    expect((await anna(method, `/uploads/${bens.upload_id}${path}`)).status).toBe(404);
  expect((await anna('POST', `/uploads/${bens.upload_id}/parts`, { numbers: [1] })).status).toBe(404);

  const mine = await uploaded(anna);
  expect((await submit(mine.source)).status).toBe(202);
  const list = await anna<{ uploads: Upload[]; next_cursor: string }>('GET', '/uploads?limit=1&status=complete');
  expect(list.body.uploads).toEqual([mine]);
  const all = await anna<{ uploads: Upload[] }>('GET', `/uploads?cursor=${list.body.next_cursor}`);
  const ids = all.body.uploads.map(({ upload_id }) => upload_id);
  expect(ids).toContain(open.upload_id);
  expect(ids).not.toContain(bens.upload_id);
  expect(ids).not.toContain(mine.upload_id);
});

test('F5: what is abandoned goes, what a live job needs stays', async () => {
  const [, { product, call, store }] = KINDS[1]!;
  const it = uploader(call, FILE, PART);
  const open = await it.begin();
  await it.send(open.parts[0]!.url, 1);
  const [unused, used, young] = [await uploaded(call), await uploaded(call), await uploaded(call)];
  const job = await call<{ job_id: string; id: string }>('POST', '/jobs', {
    pipeline: 'analysis',
    input: { sourceUrl: ` upload:${used.upload_id.toUpperCase()} ` },
    held: true,
  });
  expect([job.status, job.body]).toMatchObject([202, {}]);
  expect(await call('DELETE', `/uploads/${used.upload_id}`)).toMatchObject({
    status: 409,
    body: { code: 'upload_in_use' },
  });

  const due = [open, unused, used].map(({ upload_id }) => upload_id);
  await sql(product, `update uploads set expires_at = now() where id = any($1)`, [due]);
  await product.api.stop();
  await product.startApi();
  await eventually('the sweep', async () => (await call('GET', `/uploads/${unused.upload_id}`)).status === 404);
  await eventually('the sweep', async () => (await call('GET', `/uploads/${open.upload_id}`)).status === 404);
  expect((await it.send(open.parts[0]!.url, 1)).status).toBe(404);
  expect(s3.uploads()).toEqual([]);
  expect(await stored(store, `uploads/${unused.upload_id}/file`)).toBeUndefined();
  for (const { upload_id } of [used, young]) {
    expect((await call('GET', `/uploads/${upload_id}`)).status).toBe(200);
    expect(await stored(store, `uploads/${upload_id}/file`)).toHaveLength(12);
  }
});

test('F5: a factory reset ends what is on its way, too', async () => {
  const it = uploader(onS3.call, FILE, PART);
  const { upload_id: id, parts } = await it.begin();
  await it.send(parts[0]!.url, 1);
  expect(s3.uploads()).toHaveLength(1);
  const reset = await onS3.call('POST', '/admin/factory-reset', { confirm: 'factory-reset', force: true });
  expect([reset.status, s3.uploads()]).toEqual([200, []]);
  expect((await onS3.call('GET', `/uploads/${id}`)).status).toBe(404);
});
