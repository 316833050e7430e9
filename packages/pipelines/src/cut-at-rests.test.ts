import type { Span } from '@reverie/contracts';
import { describe, expect, test } from 'vitest';
import { cutAtRests } from './cut-at-rests.ts';

const MOST = 600;

/** The same numbers every time, for every seed others. */
function chance(seed: number) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function someRests(duration: number, random: () => number): Span[] {
  const rests: Span[] = [];
  for (let at = random() * 100; at < duration; at += random() * 300) {
    const end = Math.min(duration, at + 0.3 + random() * 4);
    rests.push({ start: at, end });
    at = end;
  }
  return rests;
}

describe('C12: pieces of a recording', () => {
  test.each(Array.from({ length: 60 }, (_, seed) => seed))('cover it once, none too long (seed %i)', (seed) => {
    const random = chance(seed);
    const duration = random() * 8_000;
    const rests = someRests(duration, random);
    const pieces = cutAtRests(duration, rests, MOST);
    expect(pieces[0]!.start).toBe(0);
    expect(pieces.at(-1)!.end).toBe(duration);
    expect(pieces.slice(1).map(({ start }) => start)).toEqual(pieces.slice(0, -1).map(({ end }) => end));
    for (const { start, end } of pieces) expect(end - start).toBeLessThanOrEqual(MOST);
    for (const { start, end } of pieces.slice(0, -1)) {
      expect(end - start).toBeGreaterThan(MOST / 2);
      const within = rests.filter((rest) => middle(rest) > start + MOST / 2 && middle(rest) <= start + MOST);
      const longest = Math.max(...within.map((rest) => rest.end - rest.start));
      if (within.length === 0) expect(end).toBe(start + MOST);
      else expect(within.filter((rest) => rest.end - rest.start === longest).map(middle)).toContain(end);
    }
  });

  const middle = ({ start, end }: Span) => (start + end) / 2;

  test.each([
    ['a short one is one piece', 600, [], [[0, 600]]],
    ['an empty one, too', 0, [], [[0, 0]]],
    ['where nobody pauses, it is cut all the same', 1_300, [], [[0, 600], [600, 1_200], [1_200, 1_300]]], // biome-ignore format: one row
    ['the longest rest in the second half', 900, [[100, 160], [350, 354], [500, 501]], [[0, 352], [352, 900]]], // biome-ignore format: one row
    ['silence over a whole piece', 1_000, [[0, 1_000]], [[0, 500], [500, 1_000]]], // biome-ignore format: one row
  ] as [string, number, [number, number][], [number, number][]][])('%s', (_name, duration, rests, pieces) => {
    const spans = rests.map(([start, end]) => ({ start, end }));
    expect(cutAtRests(duration, spans, MOST).map(({ start, end }) => [start, end])).toEqual(pieces);
  });
});
