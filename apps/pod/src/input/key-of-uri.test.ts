import { expect, test } from 'vitest';
import { keyOfUri } from './key-of-uri.ts';

const PLAYLIST = 'posts/42/hls/master.m3u8';

test.each([
  ['a.ts', 'posts/42/hls/a.ts'],
  ['./v/a.ts', 'posts/42/hls/v/a.ts'],
  ['../a.ts', 'posts/42/a.ts'],
  ['../../../a.ts', 'a.ts'],
  ['/other/a.ts', 'other/a.ts'],
  ['a%20b.ts?signature=x#t=3', 'posts/42/hls/a b.ts'],
  ['v//a.ts', 'posts/42/hls/v/a.ts'],
  ['..a..ts', 'posts/42/hls/..a..ts'],
  // No scheme, so it is a name and nothing more.
  ['subfile,,start,0,end,9,,:/etc/passwd', 'posts/42/hls/subfile,,start,0,end,9,,:/etc/passwd'],
])('%s is %s', (uri, key) => expect(keyOfUri(uri, PLAYLIST)).toBe(key));

test.each([
  'http://10.0.0.1/a.ts',
  'HTTPS://example.com/a.ts',
  'file:///etc/passwd',
  'file:a.ts',
  'data:video/mp2t,x',
  'concat:a.ts|b.ts',
  '//example.com/a.ts',
  '../../../../a.ts',
  '/../a.ts',
  '%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd',
  '..%2f..%2f..%2f..%2fetc/passwd',
  'a%00.ts',
  'a%zz.ts',
  'x'.repeat(1_000),
])('%s is refused', (uri) => {
  expect(() => keyOfUri(uri, PLAYLIST)).toThrow(expect.objectContaining({ code: 'source_refused' }));
});
