import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { productOfFile } from '../support/product-of-file.ts';

/** The console's own uploader, as browsers run it. */
const part = (name: string) => import(join(resolve('apps/api/src/console'), name));
const { upload } = await part('upload.js');
const { Problem } = await part('api.js');

const { product, call: ask } = await productOfFile();
const MiB = 1024 ** 2;
const BYTES = randomBytes(18 * MiB); // three parts: 8, 8 and 2
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

async function call(method: string, path: string, body?: unknown) {
  const answer = await ask(method, `/${path}`, body);
  if (answer.status >= 400) throw new Problem({ ...answer.body, status: answer.status });
  return answer.body;
}

const numberOf = (url: string) => Number(new URL(url).searchParams.get('part'));

/** A browser with a file, on a line that breaks where `breaks` says so. */
function browser(breaks: (number: number, tried: number) => boolean = () => false) {
  const file = new File([BYTES], 'holiday.mp4', { type: 'video/mp4' });
  const stop = new AbortController();
  const sent: number[] = [];
  const arrived: number[] = [];
  const told: number[] = [];
  let id: string | null = null;
  const way = {
    call,
    async send(url: string, body: Blob, { signal }: { signal: AbortSignal }) {
      signal.throwIfAborted();
      const number = numberOf(url);
      sent.push(number);
      if (breaks(number, sent.filter((it) => it === number).length)) {
        await eventually('the other parts to arrive', async () => arrived.length >= 2);
        throw new Error('The connection broke off.');
      }
      expect((await fetch(url, { method: 'PUT', body })).status).toBe(200);
      arrived.push(number);
    },
    told: (bytes: number) => void told.push(bytes),
    memory: {
      get: () => id,
      set(it: string) {
        id = it;
      },
    },
    pauseMs: 1,
  };
  return { sent, told, stop, upload: (signal = stop.signal): Promise<string> => upload(file, { ...way, signal }) };
}

const stored = async (source: string) =>
  sha256(await readFile(join(product.dir, 'artifacts/uploads', source.replace('upload:', ''), 'file')));

test('F5: the console sends a part that broke off again, and no other', async () => {
  const it = browser((number, tried) => number === 2 && tried < 3);
  const source = await it.upload();
  expect(await stored(source)).toBe(sha256(BYTES));
  expect(it.sent.sort()).toEqual([1, 2, 2, 2, 3]);
  expect(it.told.at(-1)).toBe(BYTES.length);
});

test('F5: an upload that was given up goes on with what is missing, and a complete one is not sent again', async () => {
  let isBroken = true;
  const it = browser((number) => isBroken && number === 3);
  await expect(it.upload()).rejects.toThrow('The connection broke off.');
  expect(it.sent.splice(0).sort()).toEqual([1, 2, 3, 3, 3, 3, 3, 3]);
  isBroken = false;
  const source = await it.upload();
  expect(it.sent.splice(0)).toEqual([3]);
  expect(await stored(source)).toBe(sha256(BYTES));
  expect(await it.upload()).toBe(source);
  expect(it.sent).toEqual([]);
});

test('what the API refuses is not tried again, and who cancels is obeyed', async () => {
  const refused = browser();
  const tooLarge = { name: 'a.mp4', size: 6 * 1024 ** 4, type: '' };
  await expect(upload(tooLarge, { call, memory: { get: () => null } })).rejects.toMatchObject({ status: 413 });
  refused.stop.abort();
  await expect(refused.upload()).rejects.toThrow();
  expect(refused.sent).toEqual([]);
});
