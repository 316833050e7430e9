import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { linkSigner, openStore, type Store } from '@reverie/storage';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openScratch } from './scratch.ts';

const never = new AbortController().signal;
const TASK = 'b2c0a3a0-0000-4000-8000-000000000001';
let root: string;
let dir: string;
let store: Store;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'scratch-'));
  dir = join(root, 'scratch');
  store = openStore({
    kind: 'fs',
    dir: join(root, 'store'),
    links: linkSigner({ secret: 's', baseUrl: 'http://x' } as never),
  });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const put = async (key: string, text: string) =>
  (await store.put(key, Readable.from([Buffer.from(text)]), { contentType: 'text/plain' }))!;

describe('a workplace', () => {
  test('brings stored files, keeps made ones, and is gone when it is closed', async () => {
    const scratch = await openScratch({ dir, store });
    const artifact = await put('a.txt', 'hello');
    let path: string;
    {
      await using place = await scratch.open(TASK, 1);
      path = place.path;
      await place.fetchTo(artifact, 'in', never);
      expect(await readFile(join(path, 'in'), 'utf8')).toBe('hello');
      await writeFile(join(path, 'out'), 'made');
      expect(await place.keep('out', { key: 'b.txt', contentType: 'text/plain' }, never)).toMatchObject({
        key: 'b.txt',
        bytes: 4,
      });
    }
    expect(existsSync(path)).toBe(false);
    expect((await store.head('b.txt'))?.bytes).toBe(4);
  });

  test('has what was made or fetched before without asking the store again', async () => {
    const scratch = await openScratch({ dir, store });
    await using first = await scratch.open(TASK, 1);
    await writeFile(join(first.path, 'out'), 'made');
    const made = await first.keep('out', { key: 'made.txt', contentType: 'text/plain' }, never);
    await store.delete('made.txt');
    await using second = await scratch.open(TASK, 2);
    await second.fetchTo(made, 'in', never);
    expect(await readFile(join(second.path, 'in'), 'utf8')).toBe('made');
  });

  test('may write a kept name again without changing what was kept', async () => {
    const scratch = await openScratch({ dir, store });
    await using place = await scratch.open(TASK, 1);
    await writeFile(join(place.path, 'out'), 'one');
    const one = await place.keep('out', { key: 'one.txt', contentType: 'text/plain' }, never);
    await writeFile(join(place.path, 'out'), 'two');
    await place.fetchTo(one, 'in', never);
    expect(await readFile(join(place.path, 'in'), 'utf8')).toBe('one');
  });

  test('refuses what is missing or shorter than it should be', async () => {
    const scratch = await openScratch({ dir, store });
    await using place = await scratch.open(TASK, 1);
    const artifact = await put('a.txt', 'hello');
    await expect(place.fetchTo({ ...artifact, key: 'no.txt' }, 'in', never)).rejects.toMatchObject({
      code: 'artifact_missing',
    });
    await expect(place.fetchTo({ ...artifact, bytes: 9 }, 'in', never)).rejects.toMatchObject({
      code: 'artifact_missing',
    });
  });
});

test('the cache stays within its bytes, and the longest unused goes first', async () => {
  const scratch = await openScratch({ dir, store, cacheBytes: 12 });
  await using place = await scratch.open(TASK, 1);
  for (const name of ['a', 'b', 'c', 'd']) {
    await place.fetchTo(await put(`${name}.txt`, 'x'.repeat(5)), name, never);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  expect(await readdir(join(dir, 'cache'))).toHaveLength(2);
});

test('leftovers of workers that are no more are swept, those of living ones are not', async () => {
  await mkdir(join(dir, 'work-999999999', 'x'), { recursive: true });
  await mkdir(join(dir, `work-${process.pid}`, 'x'), { recursive: true });
  await mkdir(join(dir, `work-${process.ppid}`, 'x'), { recursive: true });
  await openScratch({ dir, store });
  expect((await readdir(dir)).sort()).toEqual(['cache', `work-${process.ppid}`]);
});

test('nothing is begun on a full disk', async () => {
  const scratch = await openScratch({ dir, store, freeBytes: Number.MAX_SAFE_INTEGER });
  await expect(scratch.open(TASK, 1)).rejects.toMatchObject({
    code: 'disk_full',
    message: expect.stringContaining('make room'),
  });
});
