import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, expect, test } from 'vitest';
import { fsStore } from './fs-store.ts';
import { linkSigner } from './links.ts';
import { describeStore } from './store.contract.ts';

const base = await mkdtemp(join(tmpdir(), 'reverie-store-'));
afterAll(() => rm(base, { recursive: true }));

const links = linkSigner({ secret: 'for tests', baseUrl: 'http://127.0.0.1:3000' });
const txt = { contentType: 'text/plain' };
const from = (body: string) => Readable.from([body]);

async function open() {
  const dir = await mkdtemp(join(base, 'fs-'));
  const files = async () => (await readdir(dir, { recursive: true })).sort();
  const leftovers = async () => (await files()).filter((file) => /\.(partial|parts)$/.test(file));
  const store = fsStore({ dir, links });
  const send = async (link: string, body: Buffer) => {
    const { pathname, searchParams } = new URL(link);
    const key = decodeURIComponent(pathname.slice('/artifacts/'.length));
    const part = links.verifyPart(key, Object.fromEntries(searchParams));
    return new Response(null, {
      status: part && (await store.uploads.receive!(part, Readable.from(body))) ? 200 : 404,
    });
  };
  return { store, dir, files, leftovers, send };
}

describeStore('fs', open);

test('a failed put and a delete leave no empty folders, and the store itself stays', async () => {
  const { store, files } = await open();
  await store.put('a/b/c.txt', from('x'), txt);
  await store.put('a/d.txt', from('x'), txt);
  await store.delete('a/b/c.txt');
  expect(await files()).toEqual(['a', 'a/d.txt']);
  await store.delete('a/d.txt');
  const failing = Readable.from(
    (async function* () {
      yield 'x';
      throw new Error('the source broke');
    })(),
  );
  await expect(store.put('e/f.txt', failing, txt)).rejects.toThrow('the source broke');
  expect(await files()).toEqual([]);
});

test('puts survive deletes that prune the same folder', async () => {
  const { store } = await open();
  const lanes = Array.from({ length: 8 }, async (_, lane) => {
    const key = `deep/er/${lane}.txt`;
    for (let round = 0; round < 25; round++) {
      await store.put(key, from('x'), txt);
      expect(await store.head(key)).toMatchObject({ bytes: 1 });
      await store.copy(key, `other/${lane}.txt`);
      await store.delete(key);
      await store.delete(`other/${lane}.txt`);
    }
  });
  await Promise.all(lanes);
});

test('an upload under way is not seen and cannot be asked for', async () => {
  const { store, dir } = await open();
  await writeFile(join(dir, 'a.txt.0123456789abcdef.partial'), 'half');
  const seen = [];
  for await (const file of store.list('')) seen.push(file);
  expect(seen).toEqual([]);
  await expect(store.get('a.txt.0123456789abcdef.partial')).rejects.toThrow('is refused');
});

test('parts are not seen, cannot be asked for, and leave no folders', async () => {
  const { store, files, send } = await open();
  const { begin, linkToPart, complete, abort } = store.uploads;
  const token = await begin('a/b.mp4', { contentType: 'video/mp4' });
  const place = { key: 'a/b.mp4', token, number: 1, bytes: 4 };
  await send(await linkToPart(place, 60), Buffer.from('part'));
  const seen = [];
  for await (const file of store.list('')) seen.push(file);
  expect(seen).toEqual([]);
  await expect(store.get(`a/b.mp4.${token}.parts/1`)).rejects.toThrow('is refused');
  expect(await complete('a/b.mp4', token, 1)).toMatchObject({ bytes: 4 });
  expect(await files()).toEqual(['a', 'a/b.mp4']);
  await abort('c/d.mp4', await begin('c/d.mp4', { contentType: 'video/mp4' }));
  expect(await files()).toEqual(['a', 'a/b.mp4']);
});

test('a part that breaks off leaves the one before as it was', async () => {
  const { store, send, leftovers } = await open();
  const token = await store.uploads.begin('a.bin', { contentType: 'video/mp4' });
  const place = { key: 'a.bin', token, number: 1, bytes: 5 };
  await send(await store.uploads.linkToPart(place, 60), Buffer.from('whole'));
  const broken = Readable.from(
    (async function* () {
      yield 'ha';
      throw new Error('the connection broke');
    })(),
  );
  await expect(store.uploads.receive!(place, broken)).rejects.toThrow('the connection broke');
  expect(await leftovers()).toEqual([`a.bin.${token}.parts`]);
  await store.uploads.complete('a.bin', token, 1);
  expect(await text((await store.get('a.bin'))!)).toBe('whole');
});

test('a file of which one process died while joining the parts is joined by the next', async () => {
  const { store, dir, files, send } = await open();
  const token = await store.uploads.begin('a.bin', { contentType: 'video/mp4' });
  for (const number of [1, 2])
    await send(await store.uploads.linkToPart({ key: 'a.bin', token, number, bytes: 1 }, 60), Buffer.from(`${number}`));
  await writeFile(join(dir, 'a.bin'), 'placed, and then it died');
  const again = fsStore({ dir, links });
  const both = await Promise.all([store, again, again].map((it) => it.uploads.complete('a.bin', token, 2)));
  expect(both).toEqual(Array(3).fill({ key: 'a.bin', bytes: 2, contentType: 'application/octet-stream' }));
  expect(await text((await store.get('a.bin'))!)).toBe('12');
  expect(await files()).toEqual(['a.bin']);
});

test('lists in the order of bytes, as S3 does', async () => {
  const { store } = await open();
  const keys = ['a-b.txt', 'a.txt', 'a/b.txt', 'a0.txt', 'B.txt', '\uffee.txt', '🌙.txt'];
  for (const key of keys) await store.put(key, from('x'), txt);
  const seen = [];
  for await (const { key } of store.list('')) seen.push(key);
  expect(seen).toEqual(['B.txt', 'a-b.txt', 'a.txt', 'a/b.txt', 'a0.txt', '\uffee.txt', '🌙.txt']);
});

test('a link is one the signer accepts', async () => {
  const { store } = await open();
  const url = new URL(await store.linkTo('a b/c.txt', { method: 'PUT', seconds: 60 }));
  expect(url.pathname).toBe('/artifacts/a%20b/c.txt');
  expect(links.verify('PUT', 'a b/c.txt', Object.fromEntries(url.searchParams))).toBe(true);
});

test('check makes the folder, and says when it cannot', async () => {
  const dir = join(base, 'not', 'yet');
  await fsStore({ dir, links }).check();
  expect(await readdir(dir)).toEqual([]);
  await mkdir(join(base, 'blocked'));
  await writeFile(join(base, 'blocked/file'), '');
  const blocked = fsStore({ dir: join(base, 'blocked/file/store'), links });
  await expect(blocked.check()).rejects.toMatchObject({ code: 'storage_unavailable' });
});
