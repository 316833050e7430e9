import { expect, test } from 'vitest';
import { asTsvector, wordingOf, wordsOf } from './search-words.ts';

test.each([
  ['Crème brûlée!', ['creme', 'brulee']],
  ['ПРИВЕТ, мир', ['привет', 'мир']],
  ["don't — stop", ['don', 't', 'stop']],
  ['ﬁle №5, H₂O', ['file', 'no5', 'h2o']],
  ['夢を見た cat', ['夢', 'を', '見', 'た', 'cat']],
  ['हिन्दी', ['हिन्दी']],
  ['a@b.com v1.2', ['a', 'b', 'com', 'v1', '2']],
  ["'; drop & | ! <-> :* \\", ['drop']],
  ['?! …', []],
])('%s is %j', (text, words) => expect(wordsOf(text)).toEqual(words));

test('as a vector: every word with its place', () => {
  expect(asTsvector('The cat, the Dog')).toBe('the:1 cat:2 the:3 dog:4');
  expect(asTsvector('…')).toBe('');
});

test('as a wish: any word or its beginning, and all in a row', () => {
  expect(wordingOf('The cat is in the')).toEqual({
    whole: ['the', 'cat', 'is', 'in'],
    begun: ['the:*', 'cat:*', 'is', 'in'],
    any: 'the:* | cat:* | is | in',
    phrase: 'the <-> cat <-> is <-> in <-> the',
  });
  expect(wordingOf('?!')).toBeUndefined();
});

test('however long a text is, PostgreSQL takes it', () => {
  expect(wordsOf('word '.repeat(100_000)).length).toBe(5_000);
  expect(Math.max(...wordsOf('a'.repeat(100_000)).map((word) => word.length))).toBe(200);
  const letters = (i: number) => String.fromCodePoint(0x1e900 + (i % 34)).repeat(150);
  const long = Array.from({ length: 5_000 }, (_, i) => `${i}${letters(i)}`).join(' ');
  expect(Buffer.byteLength(asTsvector(long))).toBeLessThan(1024 * 1024);
});
