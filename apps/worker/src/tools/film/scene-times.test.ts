import { expect, test } from 'vitest';
import { sceneTimes } from './scene-times.ts';
import { zoom } from './zoom.ts';

const at = (...times: [start: number, end: number][]) => times.map(([start, end]) => ({ start, end }));

test.each([
  ['one scene', at([0, 5]), 5, [[0, 120, 0]]],
  [
    'a cut in the silence, the crossfade around it',
    at([0, 4.5], [5.5, 10]),
    10,
    [
      [0, 127, 0],
      [113, 127, 14],
    ],
  ],
  [
    'short scenes, short crossfades',
    at([0, 0.5], [0.5, 1]),
    1,
    [
      [0, 15, 0],
      [9, 15, 6],
    ],
  ],
] as const)('%s', (_, scenes, duration, shots) => {
  const found = sceneTimes(scenes, duration, 24).map((s) => [s.startFrame, s.frames, s.fadeFrames]);
  expect(found).toEqual(shots);
});

test.each([
  ['in order', at([0, 3], [3.2, 6], [6.5, 9])],
  ['out of order', at([0, 9], [3, 2], [1, 0.5])],
  ['all at once', at([0, 0], [0, 0], [0, 0], [0, 0])],
  ['beyond the end', at([0, 50], [60, 70], [80, 90])],
])('shots of scenes %s follow each other without a gap and end with the narration', (_, scenes) => {
  const shots = sceneTimes(scenes, 9.9, 24);
  expect(shots[0]!.startFrame).toBe(0);
  shots.forEach((shot, i) => {
    expect(shot.frames).toBeGreaterThan(0);
    const next = shots[i + 1];
    if (next) expect(shot.startFrame + shot.frames).toBe(next.startFrame + next.fadeFrames);
  });
  const last = shots.at(-1)!;
  expect(last.startFrame + last.frames).toBe(Math.round(9.9 * 24));
});

test('the camera stays inside the picture, and moves differently in neighbouring scenes', () => {
  for (const seconds of [0.1, 5, 600]) {
    for (let i = 0; i < 12; i++) {
      const { from, to } = zoom(i, seconds);
      for (const { left, top, width } of [from, to]) {
        expect(Math.min(left, top)).toBeGreaterThanOrEqual(0);
        expect(Math.max(left, top) + width).toBeLessThanOrEqual(1);
      }
      expect(zoom(i + 1, seconds)).not.toEqual({ from, to });
      expect(from.width < to.width).not.toBe(zoom(i + 1, seconds).from.width < zoom(i + 1, seconds).to.width);
    }
  }
});
