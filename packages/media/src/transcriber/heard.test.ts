import type { Segment } from '@reverie/contracts';
import { describe, expect, test } from 'vitest';
import { restsIn } from '../sound/rests.ts';
import { readHeard } from './heard.ts';
import { sameLanguage } from './same-language.ts';
import { spreadText } from './spread-text.ts';

const piece = { seconds: 10, rests: [] };
const heard = (segments: [number, number, string][]) =>
  readHeard(
    { language: 'english', segments: segments.map(([start, end, text]) => ({ start, end, text })) },
    piece,
    'x',
  ).segments.map(({ start, end, text }) => [start, end, text]);

describe('F33: what a server says it heard', () => {
  // biome-ignore format: a row a case
  test.each<[string, [number, number, string][], [number, number, string][]]>([
    ['is trimmed, and empty ones are dropped', [[0, 1, ' Hello \n there '], [1, 2, '  ']], [[0, 1, 'Hello there']]],
    ['is put in order', [[5, 6, 'b'], [1, 2, 'a']], [[1, 2, 'a'], [5, 6, 'b']]],
    ['does not overlap', [[0, 3, 'a'], [2, 5, 'b']], [[0, 3, 'a'], [3, 5, 'b']]],
    ['ends with the piece', [[-0.1, 4, 'a'], [9, 12, 'b']], [[0, 4, 'a'], [9, 10, 'b']]],
    ['loses no word that has no time', [[0, 4, 'a'], [2, 4, 'b'], [12, 15, 'c']], [[0, 4, 'a b'], [10, 10, 'c']]],
    ['lasts long enough to be seen', [[3, 3, 'a']], [[3, 3.05, 'a']]],
    ['has nothing in it that cannot be stored', [[0, 1, 'a\u0000b\ud800']], [[0, 1, 'a b']]],
  ])('%s', (_name, segments, mended) => {
    const found = heard(segments);
    expect(found.map(([, , text]) => text).join(' ')).toBe(mended.map(([, , text]) => text).join(' '));
    for (const [i, [start]] of mended.entries()) if (i < found.length) expect(found[i]![0]).toBeCloseTo(start, 6);
  });

  test.each([
    ['no object', 'hello'],
    ['a time that is none', { segments: [{ start: '0', end: 1, text: 'a' }] }],
    ['a time without end', { segments: [{ start: 0, end: Number.POSITIVE_INFINITY, text: 'a' }] }],
    ['an end before its beginning', { segments: [{ start: 3, end: 2, text: 'a' }] }],
    ['a time from elsewhere', { segments: [{ start: 300, end: 301, text: 'a' }] }],
    ['segments without text', { segments: [{ start: 0, end: 1 }] }],
  ])('makes no sense with %s', (_name, answer) => {
    expect(() => readHeard(answer, piece, '"whisper-1"')).toThrow(
      expect.objectContaining({ code: 'provider_nonsense', message: expect.stringContaining('"whisper-1"') }),
    );
  });
});

describe('a text without times', () => {
  const rests = [
    { start: 0, end: 2 },
    { start: 5, end: 7 },
  ];

  test('is spread over the time in which somebody speaks', () => {
    const text = 'Row the boat. Row the boat.';
    expect(readHeard({ text }, { seconds: 10, rests }, 'x').segments).toEqual([
      { text: 'Row the boat.', start: 2, end: expect.closeTo(5, 6) },
      { text: 'Row the boat.', start: expect.closeTo(7, 6), end: expect.closeTo(10, 6) },
    ]);
  });

  test.each([
    ['no rests', 'A. B. C. D.', { seconds: 10, rests: [] }],
    ['nothing but rest', 'A word.', { seconds: 10, rests: [{ start: 0, end: 10 }] }],
    ['one sentence over a rest', 'All of it is one sentence', { seconds: 10, rests }],
    ['a rest at the end', 'A b c. D e f.', { seconds: 10, rests: [{ start: 8, end: 10 }] }],
    ['no text', '', { seconds: 10, rests: [] }],
  ])('keeps its order and its words: %s', (_name, text, within) => {
    const segments = spreadText(text, within);
    expect(segments.map((segment) => segment.text).join(' ')).toBe(text);
    expectOrder(segments, 10);
  });
});

function expectOrder(segments: Segment[], seconds: number) {
  const times = [0, ...segments.flatMap(({ start, end }) => [start, end]), seconds];
  for (const [i, at] of times.slice(1).entries()) expect(at).toBeGreaterThanOrEqual(times[i]! - 1e-6);
  for (const { start, end } of segments) expect(end).toBeGreaterThan(start);
}

describe('C12: rests', () => {
  /** A second of each level, in windows of 20 ms. */
  const seconds = (...levels: number[]) => levels.flatMap((level) => Array<number>(50).fill(level));
  const found = (levels: number[]) => restsIn(levels, 0.02, levels.length * 0.02).map(({ start, end }) => [start, end]);

  test.each<[string, number[], number[][]]>([
    ['silence between loud words', seconds(-15, Number.NEGATIVE_INFINITY, -15), [[1, 2]]],
    ['noise between loud words', seconds(-15, -30, -15), [[1, 2]]],
    ['silence between quiet words', seconds(-40, -70, -40), [[1, 2]]],
    ['loud and soft words without a rest', seconds(-15, -19, -16, -20), []],
    ['one level throughout', seconds(-20, -20), []],
    ['nothing', seconds(-80, -80), [[0, 2]]],
    ['no window at all', [], []],
  ])('%s', (_name, levels, rests) => expect(found(levels)).toEqual(rests));

  test('somebody far from the microphone is not silence because somebody else was near it', () => {
    const talk = (level: number) => Array.from({ length: 120 }, () => seconds(level, level - 30)).flat();
    const rests = restsIn([...talk(-10), ...talk(-44)], 0.02, 1_000);
    expect(rests.filter(({ start }) => start > 300).every(({ start, end }) => end - start < 1.1)).toBe(true);
    expect(rests.filter(({ start }) => start > 300).length).toBeGreaterThan(80);
  });

  test('shorter than 0.3 s is none', () => {
    const gap = (windows: number) => [...seconds(-15), ...Array<number>(windows).fill(-80), ...seconds(-15)];
    expect(found(gap(14))).toEqual([]);
    expect(found(gap(15))).toHaveLength(1);
  });
});

test.each([
  ['portuguese', 'pt', true],
  ['Portuguese', 'pt-BR', true],
  ['pt', 'pt-BR', true],
  ['english', 'en', true],
  ['chinese', 'zh', true],
  ['cantonese', 'yue', true],
  ['spanish', 'pt', false],
  ['unknown', 'en', false],
])('F33: %s is %s: %j', (named, wished, same) => expect(sameLanguage(named, wished)).toBe(same));
