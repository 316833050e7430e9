import { readEnvironment } from '@reverie/contracts';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { podsEnvironment, podsOf } from './pods.ts';

const read = (VL_POD_RUN_URL: string) => podsOf(readEnvironment(z.object(podsEnvironment), { VL_POD_RUN_URL })).runUrls;

test.each([
  ['', []],
  ['http://10.0.0.5:8000/run', ['http://10.0.0.5:8000/run']],
  [' http://a/run/ , https://b/gpu/run,http://a/run', ['http://a/run', 'https://b/gpu/run']],
])('%j names %j', (text, urls) => {
  expect(read(text)).toEqual(urls);
});

test.each(['10.0.0.5:8000/run', 'ftp://a/run', 'http://me:secret@a/run', 'http://a/run?token=1', 'http://a/run#x'])(
  '%s is refused, and a password in it is not repeated',
  (text) => {
    expect(() => read(text)).toThrow(/VL_POD_RUN_URL: must be http\(s\) addresses/);
    expect(() => read(text)).not.toThrow(/secret/);
  },
);
