import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
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
  const leftovers = async () => (await files()).filter((file) => file.endsWith('.partial'));
  return { store: fsStore({ dir, links }), dir, files, leftovers };
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
