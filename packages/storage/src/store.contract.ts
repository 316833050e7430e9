import { Readable } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { ByteRange, Store } from './store.ts';

const MB = 1024 * 1024;
const txt = { contentType: 'text/plain' };
const from = (body: string | Buffer) => Readable.from([body]);

/** `megabytes` of data and then whatever `end` does: fail, or wait. */
const unfinished = (megabytes: number, end: () => Promise<void>) =>
  Readable.from(
    (async function* () {
      for (let n = 0; n < megabytes; n++) yield Buffer.alloc(MB, n);
      await end();
    })(),
  );

const read = async (store: Store, key: string, range?: ByteRange) => {
  const body = await store.get(key, range && { range });
  return body && (await text(body));
};

const keysOf = async (store: Store, prefix: string) => {
  const keys: string[] = [];
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
};

/** A store of its own for one test, the way to see what is left lying in it, and the way a caller sends a part. */
export type OpenForTest = () => Promise<{
  store: Store;
  leftovers: () => Promise<string[]>;
  send: (link: string, body: Buffer<ArrayBuffer>) => Promise<Response>;
}>;

/** An upload of one test, and `send` for its parts by number. */
const uploading = async (open: OpenForTest, key = 'uploads/1/file.mp4') => {
  const { store, leftovers, send } = await open();
  const token = await store.uploads.begin(key, { contentType: 'video/mp4' });
  const sendPart = async (number: number, body: Buffer<ArrayBuffer>) =>
    send(await store.uploads.linkToPart({ key, token, number, bytes: body.length }, 60), body);
  return { store, leftovers, key, token, sendPart };
};

/** S3 takes no shorter part than this, but for the last one. */
const PART = 5 * MB;

/** What every store promises. Run against each one, so that the product need not know which it has. */
export const describeStore = (name: string, open: OpenForTest) =>
  describe(`${name} is a store`, () => {
    test('gives back what was put', async () => {
      const { store } = await open();
      const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, n) => n % 251));
      const put = await store.put('dreams/1/video.mp4', from(bytes), { contentType: 'video/mp4' });

      expect(put).toEqual({ key: 'dreams/1/video.mp4', bytes: 70_000, contentType: 'video/mp4' });
      expect(await buffer((await store.get('dreams/1/video.mp4'))!)).toEqual(bytes);
      const head = await store.head('dreams/1/video.mp4');
      expect(head).toEqual({ ...put, etag: expect.stringMatching(/^".+"$/), modifiedAt: expect.any(Date) });
      expect(Math.abs(head!.modifiedAt.getTime() - Date.now())).toBeLessThan(10_000);
    });

    test('answers undefined for a key nobody put', async () => {
      const { store } = await open();
      await store.put('a/b.txt', from('x'), txt);

      for (const key of ['nobody.txt', 'a', 'a/b.txt/c', `${'long'.repeat(70)}.txt`]) {
        expect(await store.head(key)).toBeUndefined();
        expect(await store.get(key)).toBeUndefined();
        expect(await store.get(key, { range: { start: 5 } })).toBeUndefined();
      }
    });

    test.each<[ByteRange, string]>([
      [{ start: 0, end: 0 }, '0'],
      [{ start: 0, end: 3 }, '0123'],
      [{ start: 4, end: 6 }, '456'],
      [{ start: 7 }, '789'],
      [{ start: 8, end: 500 }, '89'],
      [{ start: 10 }, ''],
    ])('reads the range %o', async (range, expected) => {
      const { store } = await open();
      await store.put('ten.txt', from('0123456789'), txt);
      expect(await read(store, 'ten.txt', range)).toBe(expected);
    });

    test.each([{ start: 5, end: 2 }, { start: -3 }, { start: 0.5 }])('refuses the range %o', async (range) => {
      const { store } = await open();
      await store.put('ten.txt', from('0123456789'), txt);
      await expect(store.get('ten.txt', { range })).rejects.toThrow('no range');
    });

    test('keeps a file of no bytes', async () => {
      const { store } = await open();
      expect(await store.put('empty.txt', Readable.from([]), txt)).toMatchObject({ bytes: 0 });
      expect(await store.head('empty.txt')).toMatchObject({ bytes: 0 });
      expect(await read(store, 'empty.txt')).toBe('');
    });

    test('a second put replaces the first, and says so by another etag', async () => {
      const { store } = await open();
      await store.put('a.txt', from('first, and longer'), txt);
      const before = await store.head('a.txt');
      await store.put('a.txt', from('second'), txt);

      expect(await read(store, 'a.txt')).toBe('second');
      expect((await store.head('a.txt'))!.etag).not.toBe(before!.etag);
    });

    test('a reader who began before a put reads what was there', async () => {
      const { store } = await open();
      await store.put('a.txt', from('first'), txt);
      const reader = await store.get('a.txt');
      await store.put('a.txt', from('second'), txt);
      expect(await text(reader!)).toBe('first');
    });

    test('of ten conditional puts at once exactly one wins, whole', async () => {
      const { store, leftovers } = await open();
      const bodies = Array.from({ length: 10 }, (_, n) => `${n}`.repeat(50_000));
      const puts = await Promise.all(
        bodies.map((body) => store.put('one.txt', from(body), { ...txt, ifAbsent: true })),
      );

      const winners = bodies.filter((_, n) => puts[n]);
      expect(winners).toHaveLength(1);
      expect(await read(store, 'one.txt')).toBe(winners[0]);
      expect(await leftovers()).toEqual([]);
    });

    test('a conditional put of several parts loses to one that came while it was on its way', async () => {
      const { store, leftovers } = await open();
      const late = unfinished(20, async () => {
        await store.put('one.bin', from('early'), txt);
      });
      expect(await store.put('one.bin', late, { ...txt, ifAbsent: true })).toBeUndefined();
      expect(await read(store, 'one.bin')).toBe('early');
      expect(await leftovers()).toEqual([]);
    });

    test('a conditional put of a taken key ends its source without reading it', async () => {
      const { store } = await open();
      await store.put('a.txt', from('first'), txt);
      const second = unfinished(20, async () => {});
      expect(await store.put('a.txt', second, { ...txt, ifAbsent: true })).toBeUndefined();
      expect(second).toMatchObject({ destroyed: true, readableDidRead: false });
      expect(await read(store, 'a.txt')).toBe('first');
    });

    test('copies, twice and over what was there, and the copy stands alone', async () => {
      const { store, leftovers } = await open();
      await store.put('a/from é+%41.txt', from('bytes'), txt);
      await store.put('b/to %.txt', from('old'), txt);

      for (let time = 0; time < 2; time++)
        expect(await store.copy('a/from é+%41.txt', 'b/to %.txt')).toEqual({ key: 'b/to %.txt', bytes: 5, ...txt });
      await store.put('a/from é+%41.txt', from('changed'), txt);
      await store.delete('a/from é+%41.txt');
      expect(await read(store, 'b/to %.txt')).toBe('bytes');
      expect(await leftovers()).toEqual([]);
    });

    test('refuses to copy what is not there', async () => {
      const { store } = await open();
      await expect(store.copy('nobody.txt', 'b.txt')).rejects.toThrow('there is no nobody.txt');
      expect(await keysOf(store, '')).toEqual([]);
    });

    test('lists by prefix, in order, with what is known of each file', async () => {
      const { store } = await open();
      for (const key of ['b/2.txt', 'b/10.txt', 'a/1.mp4', 'b/deep/er/1.txt', 'bb/1.txt', 'c.txt'])
        await store.put(key, from(key), txt);

      expect(await keysOf(store, '')).toEqual([
        'a/1.mp4',
        'b/10.txt',
        'b/2.txt',
        'b/deep/er/1.txt',
        'bb/1.txt',
        'c.txt',
      ]);
      expect(await keysOf(store, 'b')).toEqual(['b/10.txt', 'b/2.txt', 'b/deep/er/1.txt', 'bb/1.txt']);
      expect(await keysOf(store, 'b/')).toEqual(['b/10.txt', 'b/2.txt', 'b/deep/er/1.txt']);
      expect(await keysOf(store, 'b/deep')).toEqual(['b/deep/er/1.txt']);
      expect(await keysOf(store, 'nobody/')).toEqual([]);
      for await (const file of store.list('a/'))
        expect(file).toEqual({
          ...(await store.head('a/1.mp4')),
          contentType: 'video/mp4',
          modifiedAt: expect.any(Date),
        });
    });

    test('lists more than a page of 1000', async () => {
      const { store } = await open();
      const keys = Array.from({ length: 1_005 }, (_, n) => `many/${String(n).padStart(4, '0')}.txt`);
      const waiting = keys.values();
      const fill = async () => {
        for (const key of waiting) await store.put(key, from(''), txt);
      };
      await Promise.all(Array.from({ length: 16 }, fill));
      expect(await keysOf(store, 'many/')).toEqual(keys);
    });

    test('deletes twice without complaint', async () => {
      const { store } = await open();
      await store.put('a/b.txt', from('x'), txt);
      await store.put('a/c.txt', from('y'), txt);
      await store.delete('a/b.txt');
      await store.delete('a/b.txt');
      await store.delete('a');
      expect(await keysOf(store, '')).toEqual(['a/c.txt']);
    });

    test.each([
      'a b+c.txt',
      '100%.txt',
      '%2e%2e.txt',
      "it's (odd)!*&=?#;:@$,.txt",
      'träume/夢/🌙.txt',
      'a\\b.txt',
      '...',
      '-',
      'é.txt',
    ])('keeps the key %s as it is', async (key) => {
      const { store } = await open();
      await store.put(key, from(key), txt);
      expect(await read(store, key)).toBe(key);
      expect(await keysOf(store, '')).toEqual([key]);
      await store.delete(key);
      expect(await store.head(key)).toBeUndefined();
    });

    test.each([
      '',
      '/etc/passwd',
      '../a',
      'a/../../b',
      'a/..',
      './a',
      'a//b',
      'a/',
      'a\0b',
      'a\nb',
      '\ud800',
      'x'.repeat(901),
    ])('refuses the key %j everywhere', async (key) => {
      const { store } = await open();
      await store.put('fine.txt', from('x'), txt);
      const how = { method: 'GET', seconds: 1 } as const;
      const attempts = [
        () => store.put(key, from('x'), txt),
        () => store.head(key),
        () => store.get(key),
        () => store.delete(key),
        () => store.linkTo(key, how),
        () => store.copy('fine.txt', key),
        () => store.copy(key, 'b.txt'),
        () => store.uploads.begin(key, txt),
        () => store.uploads.linkToPart({ key, token: 't', number: 1, bytes: 1 }, 1),
      ];
      for (const attempt of attempts) await expect(attempt()).rejects.toThrow('is refused');
      expect(await keysOf(store, '')).toEqual(['fine.txt']);
    });

    test('refuses to list outside itself', async () => {
      const { store } = await open();
      await expect(keysOf(store, '../')).rejects.toThrow('is refused');
      await expect(keysOf(store, '/')).rejects.toThrow('is refused');
    });

    // 20 MB are three parts for S3, so a multipart upload is under way when it happens.
    test.each([0, 1, 20])('a source that fails after %i MB leaves nothing', async (megabytes) => {
      const { store, leftovers } = await open();
      const failing = unfinished(megabytes, () => Promise.reject(new Error('the source broke')));
      await expect(store.put('a/b.bin', failing, txt)).rejects.toThrow('the source broke');
      expect(await keysOf(store, '')).toEqual([]);
      expect(await leftovers()).toEqual([]);
    });

    test.each([0, 1, 20])('a put stopped while its source stalls after %i MB leaves nothing', async (megabytes) => {
      const { store, leftovers } = await open();
      const stop = new AbortController();
      const stalled = unfinished(megabytes, async () => {
        setTimeout(() => stop.abort(), 30);
        await sleep(1_000_000, undefined, { ref: false });
      });
      await expect(store.put('a/b.bin', stalled, { ...txt, signal: stop.signal })).rejects.toThrow(/abort/i);
      expect(stalled.destroyed).toBe(true);
      expect(await keysOf(store, '')).toEqual([]);
      expect(await leftovers()).toEqual([]);
    });

    test('a put or get that was stopped before it began does nothing', async () => {
      const { store, leftovers } = await open();
      const how = { signal: AbortSignal.abort() };
      await store.put('a.txt', from('first'), txt);
      await expect(store.put('a.txt', from('second'), { ...txt, ...how })).rejects.toThrow(/abort/i);
      await expect(store.get('a.txt', how)).rejects.toThrow(/abort/i);
      expect(await read(store, 'a.txt')).toBe('first');
      expect(await leftovers()).toEqual([]);
    });

    test('a get stops on its signal', async () => {
      const { store } = await open();
      await store.put(
        'big.bin',
        unfinished(20, async () => {}),
        txt,
      );
      const stop = new AbortController();
      const body = await store.get('big.bin', { signal: stop.signal });
      const reading = buffer(body!);
      stop.abort();
      await expect(reading).rejects.toThrow(/abort/i);
    });

    test('an upload in parts is put together by number, whatever came first and however often', async () => {
      const { store, leftovers, key, token, sendPart } = await uploading(open);
      const bodies = ['a', 'b', 'c'].map((letter, n) => Buffer.alloc(n === 2 ? 7 : PART, letter));
      for (const [number, body] of [
        [3, bodies[2]!],
        [2, Buffer.alloc(PART + 1, 'x')],
        [1, bodies[0]!],
        [2, bodies[1]!],
      ] as const)
        expect((await sendPart(number, body)).status).toBe(200);

      expect(await store.head(key)).toBeUndefined();
      expect(await store.uploads.parts(key, token)).toEqual(
        bodies.map((body, n) => ({ number: n + 1, bytes: body.length, etag: expect.stringMatching(/^".+"$/) })),
      );
      const file = { key, bytes: 2 * PART + 7, contentType: 'video/mp4' };
      expect(await store.uploads.complete(key, token, 3)).toEqual(file);
      expect((await buffer((await store.get(key))!)).equals(Buffer.concat(bodies))).toBe(true);
      expect(await store.uploads.complete(key, token, 3)).toEqual(file);
      expect(await store.uploads.parts(key, token)).toBeUndefined();
      expect((await sendPart(1, bodies[0]!)).status).toBe(404);
      expect(await leftovers()).toEqual([]);
    });

    test.each([0, 1])('an upload of %i bytes is one part', async (bytes) => {
      const { store, key, token, sendPart } = await uploading(open);
      expect(await store.uploads.parts(key, token)).toEqual([]);
      expect((await sendPart(1, Buffer.alloc(bytes, 'x'))).status).toBe(200);
      expect(await store.uploads.complete(key, token, 1)).toEqual({ key, bytes, contentType: 'video/mp4' });
      expect(await read(store, key)).toBe('x'.repeat(bytes));
    });

    test('an upload that lacks parts is refused with their numbers, and can go on', async () => {
      const { store, leftovers, key, token, sendPart } = await uploading(open);
      await sendPart(2, Buffer.alloc(PART, 'b'));
      await expect(store.uploads.complete(key, token, 4)).rejects.toThrow('it lacks part 1, 3, 4');
      expect(await store.head(key)).toBeUndefined();
      await sendPart(1, Buffer.alloc(PART, 'a'));
      expect(await store.uploads.complete(key, token, 2)).toMatchObject({ bytes: 2 * PART });
      expect(await leftovers()).toEqual([]);
    });

    test('two who complete at once get the same answer', async () => {
      const { store, leftovers, key, token, sendPart } = await uploading(open);
      await sendPart(1, Buffer.from('bytes'));
      const [one, two] = await Promise.all([1, 2].map(() => store.uploads.complete(key, token, 1)));
      expect([one, two]).toEqual(Array(2).fill({ key, bytes: 5, contentType: 'video/mp4' }));
      expect(await leftovers()).toEqual([]);
    });

    test('after an abort nothing is left, nothing more is taken, and nothing can be completed', async () => {
      const { store, leftovers, key, token, sendPart } = await uploading(open);
      await sendPart(1, Buffer.from('bytes'));
      for (let time = 0; time < 2; time++) await store.uploads.abort(key, token);
      expect((await sendPart(1, Buffer.from('bytes'))).status).toBe(404);
      expect(await store.uploads.parts(key, token)).toBeUndefined();
      expect(await store.uploads.complete(key, token, 1)).toBeUndefined();
      expect(await keysOf(store, '')).toEqual([]);
      expect(await leftovers()).toEqual([]);
    });

    test('can be reached', async () => {
      const { store } = await open();
      await expect(store.check()).resolves.toBeUndefined();
    });
  });
