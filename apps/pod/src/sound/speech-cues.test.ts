import { expect, test } from 'vitest';
import { speechCues } from './speech-cues.ts';

test('cues are where nobody rests, labelled, and never so long that they say nothing', () => {
  const rests = [
    { start: 0, end: 12 },
    { start: 17.25, end: 3_600 },
    { start: 3_600.1, end: 3_725 },
    { start: 3_749, end: 3_760 },
  ];
  expect(speechCues(rests, 3_760)).toEqual([
    { start: 12, end: 17.25, text: '[speech 1, 00:12–00:17 — no transcription configured]' },
    { start: 3_725, end: 3_733, text: '[speech 2, 1:02:05–1:02:13 — no transcription configured]' },
    { start: 3_733, end: 3_741, text: '[speech 3, 1:02:13–1:02:21 — no transcription configured]' },
    { start: 3_741, end: 3_749, text: '[speech 4, 1:02:21–1:02:29 — no transcription configured]' },
  ]);
  expect(speechCues([{ start: 0, end: 60 }], 60)).toEqual([]);
  expect(speechCues([], 5)).toHaveLength(1);
});
