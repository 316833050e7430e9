import type { SpokenScene } from '@reverie/pipelines';
import { describe, expect, test } from 'vitest';
import { HOSTILE } from '../../../../../test/support/hostile-words.ts';
import { assTime } from './ass.ts';
import { columns } from './columns.ts';
import { inLines } from './lines.ts';
import { assText, plainText, withoutEmoji } from './plain-text.ts';
import { subtitles } from './subtitles.ts';
import { titleCard } from './title.ts';

const SIZE = { width: 1280, height: 720 };
const scene = (text: string, start = 0, end = 5): SpokenScene => {
  const words = text.split(' ');
  const each = (end - start) / words.length;
  return {
    text,
    start,
    end,
    words: words.map((word, i) => ({ text: word, start: start + i * each, end: start + (i + 1) * each })),
  };
};
const events = (file: string) => file.split('\n').filter((line) => line.startsWith('Dialogue: '));
const textOf = (event: string) => event.split(',').slice(9).join(',');
/** What libass would show: our own tags gone, our line breaks as such. */
const shown = (event: string) =>
  textOf(event)
    .replace(/(?<!\\)\{[^}]*\}/g, '')
    .replaceAll('\\N', '\n');

describe('hostile words', () => {
  test.each(HOSTILE.map((text) => [text.slice(0, 40), text]))(
    '%j bring no tag, no line and no event of their own',
    (_, text) => {
      const file = subtitles([scene(text)], SIZE, 5);
      const [head] = file.split('[Events]\n');
      expect(head).toBe(subtitles([], SIZE, 5).split('[Events]\n')[0]);
      const lines = file.split('[Events]\n')[1]!.trim().split('\n').slice(1).filter(Boolean);
      for (const line of lines) {
        expect(line).toMatch(/^Dialogue: 0,\d:\d\d:\d\d\.\d\d,\d:\d\d:\d\d\.\d\d,Spoken,,0,0,0,,\{\\fad\(/);
        const tags = textOf(line).match(/(?<!\\)\{[^}]*\}/g) ?? [];
        expect(tags.filter((tag) => !/^\{\\(fad\(\d+,\d+\)|c&H[0-9A-F]{6}&\\1a&H..&\\3a&H..&)\}$/.test(tag))).toEqual(
          [],
        );
        const rest = textOf(line).replace(/(?<!\\)\{[^}]*\}/g, '');
        expect(rest.replace(/\\[N{}]/g, '')).not.toMatch(/[\\{}]/);
        expect(rest.split('\\N').length).toBeLessThanOrEqual(2);
        for (const row of shown(line).split('\n'))
          expect(columns(row.replace(/\\([{}])/g, '$1'))).toBeLessThanOrEqual(38);
      }
      expect(
        titleCard(text, SIZE)
          .split('\n')
          .filter((line) => line.startsWith('Dialogue')).length,
      ).toBe(3);
    },
  );

  test.each([
    ['{\\an8}', '\\{\u2216an8\\}'],
    ['a\\Nb', 'a\u2216Nb'],
    ['a\n\0b\tc', 'a b c'],
    ['\u202eabc', 'abc'],
    ['\ud800x', '\ufffdx'],
  ])('%j is written %j', (text, written) => expect(assText(text)).toBe(written));

  test.each([
    ['moon 🌙', 'moon '],
    ['👩‍👩‍👧 family 🇩🇪 👍🏽', ' family  '],
    ['© 3 # ★ ♥', '© 3 # ★ ♥'],
  ])('%j loses only its pictographs', (text, left) => expect(withoutEmoji(text)).toBe(left));

  test('plain text stays as it is', () =>
    expect(plainText('100% of “it”, 夢 — naïve')).toBe('100% of “it”, 夢 — naïve'));
});

describe('times', () => {
  test.each([
    [0, '0:00:00.00'],
    [61.239, '0:01:01.24'],
    [3_599.999, '1:00:00.00'],
    [-1, '0:00:00.00'],
  ])('%d s is %s', (seconds, written) => expect(assTime(seconds)).toBe(written));

  test('each word is lit in its time; nothing overlaps, nothing outlives the film', () => {
    const file = subtitles([scene('one two three four', 0.5, 2.5), scene('five six', 3, 4)], SIZE, 4.2);
    const spans = events(file).map((event) => event.split(',').slice(1, 3) as [string, string]);
    expect(spans).toHaveLength(6);
    spans.forEach(([start, end], i) => {
      expect(start <= end).toBe(true);
      if (i > 0) expect(start >= spans[i - 1]![1]).toBe(true);
    });
    expect(spans[1]![0]).toBe('0:00:01.00');
    expect(spans.at(-1)![1]).toBe('0:00:04.20');
  });

  test('words out of order or without length are put in order', () => {
    const words = [
      { text: 'a', start: 2, end: 1 },
      { text: 'b', start: 0, end: 0 },
      { text: 'c', start: 99, end: 98 },
    ];
    const spans = events(subtitles([{ text: 'a b c', start: 0, end: 3, words }], SIZE, 3)).map((e) =>
      e.split(',').slice(1, 3),
    );
    expect(spans.flat()).toEqual([...spans.flat()].sort());
  });
});

test.each([
  ['aaa bbb ccc ddd', 7, ['aaa bbb', 'ccc ddd']],
  ['one two three four five six', 24, ['one two three', 'four five six']],
  ['夢 の 中 で', 4, ['夢の', '中で']],
  ['to be, or not to be', 14, ['to be,', 'or not to be']],
])('%j is set evenly in %d columns', (text, most, lines) => {
  const set = inLines(
    text.split(' ').map((word) => ({ text: word })),
    most,
  );
  expect(set.map((line) => line.map((w) => w.text).join(/\p{Script=Han}/u.test(text) ? '' : ' '))).toEqual(lines);
});
