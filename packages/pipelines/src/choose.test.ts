import { expect, test } from 'vitest';
import { chooseEvenly } from './choose.ts';

test('C: 100 scenes, 10 frames: the example of the document', () => {
  expect(chooseEvenly(100, 10)).toEqual([0, 11, 22, 33, 44, 55, 66, 77, 88, 99]);
});

test('one alone is the first; none of nothing', () => {
  expect(chooseEvenly(7, 1)).toEqual([0]);
  expect(chooseEvenly(0, 5)).toEqual([]);
  expect(chooseEvenly(5, 0)).toEqual([]);
});

test('of any count: as many as asked for, in order, the ends among them, and gaps that differ by one at most', () => {
  for (let count = 1; count <= 120; count++) {
    for (let most = 2; most <= 125; most++) {
      const chosen = chooseEvenly(count, most);
      const gaps = chosen.slice(1).map((index, i) => index - chosen[i]!);
      const told = `${most} of ${count}`;
      expect(chosen.length, told).toBe(Math.min(count, most));
      expect([chosen[0], chosen.at(-1)], told).toEqual([0, count - 1]);
      expect(Math.min(1, ...gaps), told).toBe(1);
      expect(gaps.length === 0 || Math.max(...gaps) - Math.min(...gaps) <= 1, told).toBe(true);
    }
  }
});
