import { expect, test } from 'vitest';
import { scenesBetween } from './scenes-between.ts';

test('C: a video without cuts is one scene', () => {
  expect(scenesBetween([], 12.5)).toEqual([{ start: 0, end: 12.5 }]);
});

test('scenes cover everything once, whatever order the cuts come in', () => {
  expect(scenesBetween([7, 2, 2, 5], 10)).toEqual([
    { start: 0, end: 2 },
    { start: 2, end: 5 },
    { start: 5, end: 7 },
    { start: 7, end: 10 },
  ]);
});

test('a cut at the beginning, at the end or outside makes no empty scene', () => {
  expect(scenesBetween([-1, 0, 3, 10, 11], 10)).toEqual([
    { start: 0, end: 3 },
    { start: 3, end: 10 },
  ]);
});
