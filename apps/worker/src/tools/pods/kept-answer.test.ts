import { expect, test } from 'vitest';
import { inWords, keptAnswer, MOST_KEPT_BYTES } from './kept-answer.ts';

test.each([
  ['{"status":"completed","gpu":[1,{"a":null}]}', { status: 'completed', gpu: [1, { a: null }] }],
  ['"\\ud83d\\ude00"', '😀'],
  ['fine, thanks', 'fine, thanks'],
  ['', ''],
  ['{"half": ', '{"half": '],
  ['a\0b\ud83d', 'a\uFFFDb\uFFFD'],
  // As JSON it could not be stored; as the text it was it can.
  ['{"a":"\\u0000"}', '{"a":"\\u0000"}'],
  ['["\\ud83d"]', '["\\ud83d"]'],
  ['{"url":"http://s3/x?X-Amz-Signature=abc&y=1"}', { url: 'http://s3/x?X-Amz-Signature=…&y=1' }],
  ['{"url":"http://api/x?expires=1\\u0026signature=abc"}', { url: 'http://api/x?expires=1&signature=…' }],
])('%j is kept as %j', (text, kept) => {
  expect(keptAnswer({ text, whole: true })).toEqual(kept);
});

test('what is too much, or too deep, is cut and says so', () => {
  const size = (value: unknown) => Buffer.byteLength(JSON.stringify(value));
  for (const text of ['x'.repeat(MOST_KEPT_BYTES), '"'.repeat(MOST_KEPT_BYTES), `"${'é'.repeat(MOST_KEPT_BYTES)}"`]) {
    const kept = keptAnswer({ text, whole: true }) as { cut: boolean; text: string };
    expect(kept.cut).toBe(true);
    expect(text.startsWith(kept.text)).toBe(true);
    expect(size(kept.text)).toBeGreaterThan(MOST_KEPT_BYTES * 0.7);
    expect(size(kept.text)).toBeLessThanOrEqual(MOST_KEPT_BYTES);
  }
  expect(keptAnswer({ text: '{"a":1}', whole: false })).toEqual({ cut: true, text: '{"a":1}' });
  const deep = `${'['.repeat(1_000)}${']'.repeat(1_000)}`;
  expect(keptAnswer({ text: deep, whole: true })).toBe(deep);
});

test('words for a message are short and on one line', () => {
  expect(inWords('{"type":"urn:x","status":422,"detail":"there is\\u0000 no sound"}')).toBe('there is no sound');
  expect(inWords('{"error":{"code":7}}')).toBe('{"error":{"code":7}}');
  expect(inWords(`<html>\n  <b>no\0pe</b> ${'x'.repeat(1_000)}`)).toBe(`<html> <b>nope</b> ${'x'.repeat(281)}`);
});
