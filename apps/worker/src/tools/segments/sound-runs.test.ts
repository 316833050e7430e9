import { expect, test } from 'vitest';
import type { Joint } from './lay-out.ts';
import { type Sounding, soundRuns } from './sound-runs.ts';
import type { SoundSpan } from './sound-spans.ts';

/** Parts of two seconds each, and what their sound covers of them. */
const parts = (...spans: (Partial<SoundSpan> | undefined)[]): Sounding[] =>
  spans.map((span, k) => {
    const joint = { at: 2 * k, begins: 0, start: 0, probe: { streams: [{}, {}] } } as unknown as Joint;
    const track = { index: 1, codec_name: 'aac', sample_rate: 44_100 };
    return { joint, span: span && ({ track, start: 0, end: 2, ...span } as SoundSpan) };
  });

/** How many parts each run has, where it begins, and where it ends. */
const runsOf = (soundings: Sounding[]) =>
  soundRuns(soundings, 2 * soundings.length).map(({ parts: { length }, at, until }) => [length, at, until]);

test.each([
  [
    'goes on where packets follow each other',
    parts({ end: 2.01 }, { start: 0.0105, end: 1.99 }, { start: -0.01 }),
    [[3, 0, 6]],
  ],
  [
    'begins anew where an encoder did',
    parts({ start: -0.023, end: 2.02 }, { start: -0.023 }),
    [
      [1, 0, 2],
      [1, 2, 4],
    ],
  ],
  [
    'begins anew with another codec',
    parts({}, { track: { index: 1, codec_name: 'mp3' } as never }),
    [
      [1, 0, 2],
      [1, 2, 4],
    ],
  ],
  [
    'lasts over parts without any',
    parts({}, undefined, {}),
    [
      [1, 0, 4],
      [1, 4, 6],
    ],
  ],
  ['fills the whole from its beginning', parts(undefined, {}), [[1, 0, 4]]],
  ['is none where there is none', parts(undefined, undefined), []],
])('sound %s', (_, soundings, runs) => expect(runsOf(soundings)).toEqual(runs));
