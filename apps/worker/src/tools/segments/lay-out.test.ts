import { expect, test } from 'vitest';
import { type Joint, layOut, startsOf } from './lay-out.ts';

const joint = (name: string, at: number, more: Partial<Joint> = {}): Joint =>
  ({ name, at, begins: 0, start: 0, probe: { format: { start_time: 0 } }, ...more }) as Joint;

const durationsIn = (text: string) => [...text.matchAll(/duration (\S+)/g)].map(([, seconds]) => Number(seconds));

test('after 9,999 joints of 1.001 s nothing has drifted by more than half a microsecond', () => {
  const seconds = Array.from({ length: 10_000 }, () => (30 * 1001) / 30_000 + 1 / 3_000_000);
  const starts = startsOf(seconds);
  const durations = durationsIn(layOut(starts.map((at, k) => joint(`p${k}`, at))).text);
  expect(durations.length).toBe(9_999);
  let place = 0;
  durations.forEach((duration, k) => {
    place += duration;
    expect(Math.abs(place - (k + 1) * seconds[0]!)).toBeLessThan(0.6e-6);
  });
});

test('a first frame comes to its place though sound begins before it, or frames are missing in front', () => {
  const early = { start: 0.02, probe: { format: { start_time: -0.01 } } } as Partial<Joint>;
  const { text, zero } = layOut([joint('a', 0, early), joint('b', 2), joint('c', 4, { begins: 0.08 })]);
  expect(zero).toBeCloseTo(-0.03);
  expect(durationsIn(text)).toEqual([2.03, 2.08]);
});
