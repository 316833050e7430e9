import type { Segment } from '@reverie/contracts';
import { describe, expect, test } from 'vitest';
import { asSrt, asVtt } from './subtitle-text.ts';

const seconds = (timecode: string) => {
  const [hours, minutes, rest] = timecode.replace(',', '.').split(':').map(Number);
  return Math.round((hours! * 3_600 + minutes! * 60 + rest!) * 1_000) / 1_000;
};

const CUE = /^(\d{2,}:\d\d:\d\d[,.]\d{3}) --> (\d{2,}:\d\d:\d\d[,.]\d{3})$/;

/** As a player reads them: blocks between empty lines. */
function cuesOf(file: string): Segment[] {
  return file.split(/\n\n+/).flatMap((block) => {
    const lines = block.trim().split('\n');
    const at = lines.findIndex((line) => CUE.test(line));
    if (at < 0) return [];
    const [, start, end] = CUE.exec(lines[at]!)!;
    return [{ start: seconds(start!), end: seconds(end!), text: lines.slice(at + 1).join('\n') }];
  });
}

const unescaped = (text: string) => text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

const SEGMENTS: Segment[] = [
  { start: 0, end: 1.5, text: 'Olá, mundo.' },
  { start: 1.5, end: 2.9996, text: 'Two\nlines' },
  { start: 59.9999, end: 3_661.5, text: '5 < 6 & 7 > 2, <b>not bold</b> &amp;' },
  { start: 3_661.5, end: 36_000.001, text: '日本語の字幕 🌊' },
];

describe('F33: the same segments in every format', () => {
  test.each([
    ['SRT', asSrt, (text: string) => text],
    ['VTT', asVtt, unescaped],
  ])('%s, read again, is what was written', (_name, write, read) => {
    const cues = cuesOf(write(SEGMENTS)).map((cue) => ({ ...cue, text: read(cue.text) }));
    const inMs = (at: number) => Math.round(at * 1_000) / 1_000;
    expect(cues).toEqual(SEGMENTS.map(({ start, end, text }) => ({ start: inMs(start), end: inMs(end), text })));
  });

  test('as players expect them', () => {
    expect(asSrt(SEGMENTS.slice(0, 2))).toBe(
      '1\n00:00:00,000 --> 00:00:01,500\nOlá, mundo.\n\n2\n00:00:01,500 --> 00:00:03,000\nTwo\nlines\n',
    );
    expect(asVtt(SEGMENTS.slice(0, 1))).toBe('WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nOlá, mundo.\n');
    expect([asSrt([]), asVtt([])]).toEqual(['', 'WEBVTT\n']);
  });

  test.each([
    ['an empty line', 'one\n\ntwo', 'one\ntwo'],
    ['an empty line of Windows', 'one\r\n\r\ntwo', 'one\ntwo'],
    ['an old Mac’s empty line', 'one\r\rtwo', 'one\ntwo'],
    ['an arrow', 'a\n00:00:09.000 --> 00:00:10.000\nb', 'a\n00:00:09.000 → 00:00:10.000\nb'],
    ['an arrow made of arrows', 'a --->> b', 'a -→> b'],
    ['space around', '  \n x \n ', 'x'],
  ])('%s in a text does not end a cue or begin another', (_name, text, shown) => {
    const segments = [{ start: 1, end: 2, text }];
    expect(cuesOf(asSrt(segments))).toEqual([{ start: 1, end: 2, text: shown }]);
    expect(cuesOf(asVtt(segments)).map((cue) => unescaped(cue.text))).toEqual([shown]);
  });

  test('who says nothing gets no number', () => {
    const silent = { start: 0.5, end: 0.6, text: ' \n ' };
    expect(asSrt([silent, ...SEGMENTS])).toBe(asSrt(SEGMENTS));
    expect(asVtt([silent, ...SEGMENTS])).toBe(asVtt(SEGMENTS));
  });
});
