import { secondsToSay, wordsOf } from '@reverie/media';
import { expect, test } from 'vitest';
import { timeHeardWords, timeWords } from './time-words.ts';

const texts: Record<string, string> = {
  English: 'I said: "well-known", didn\'t I — and then (softly) it rained…',
  Chinese: '我梦见自己在海上行走，月亮很近。',
  Japanese: '「夜の海」を歩いていた。',
  Arabic: 'مشيت على الماء، ثم استيقظت.',
  Hebrew: 'חלמתי על ים.',
  emoji: '🌊 and 👩‍👩‍👧 🇩🇪!',
  Spanish: '¿Dónde está? ¡Aquí!',
  'one long word': 'a'.repeat(2_000),
  punctuation: '… — !?',
};

test.each(Object.entries(texts))('%s: every character belongs to one word, in order', (_name, text) => {
  const words = wordsOf(text);
  expect(
    words
      .map((word) => word.text)
      .join('')
      .replace(/\s/g, ''),
  ).toBe(text.replace(/\s/g, ''));
  for (const word of words) expect(text.slice(word.from, word.to)).toBe(word.text);
  const edges = words.flatMap(({ from, to }) => [from, to]);
  expect(edges).toEqual(edges.toSorted((a, b) => a - b));
});

test.each([
  ['I said: "well-known" — (softly).', ['I', 'said:', '"well-known" —', '(softly).']],
  ['¿Dónde está? ¡Aquí!', ['¿Dónde', 'está?', '¡Aquí!']],
  ['我梦见（月亮）。', ['我', '梦见', '（月亮）。']],
  ['… so', ['… so']],
  ['🌊 🇩🇪', ['🌊', '🇩🇪']],
  ['', []],
])('%s is cut with its punctuation attached', (text, words) => {
  expect(wordsOf(text).map((word) => word.text)).toEqual(words);
});

test.each(Object.entries(texts))('%s: words are timed one after the other, within what was heard', (_name, text) => {
  const times = timeWords(text, 2, 5).flatMap(({ start, end }) => [start, end]);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times[0]).toBeCloseTo(2);
  expect(times.at(-1)).toBeCloseTo(5);
});

test('a longer word takes longer, and a comma is a rest', () => {
  const [a, extraordinary, thing, said] = timeWords('A extraordinary thing, said', 0, 4);
  expect(extraordinary!.end - extraordinary!.start).toBeGreaterThan(3 * (a!.end - a!.start));
  expect(said!.start - thing!.end).toBeGreaterThan(0.1);
});

test('phrases begin where the longest silences end', () => {
  const silences = [
    { start: 0.4, end: 0.5 },
    { start: 1, end: 1.6 },
    { start: 3, end: 3.4 },
  ];
  const words = timeHeardWords('One two, three four. Five', { start: 0.2, end: 4 }, silences);
  expect(words.map(({ start }) => start)).toEqual([0.2, expect.any(Number), 1.6, expect.any(Number), 3.4]);
  expect(words[1]!.end).toBe(1);
  expect(words.at(-1)!.end).toBe(4);
});

test('a calm voice says about two and a half English words a second', () => {
  const text = 'My grandmother stood at the edge of the water with a lantern, though she has been gone for ten years.';
  expect(20 / secondsToSay(text)).toBeGreaterThan(2.3);
  expect(20 / secondsToSay(text)).toBeLessThan(3.2);
});
