import { randomInt } from 'node:crypto';

/** Chance that can be had again: the same seed gives the same numbers in the same order. */
export interface Rng {
  seed: number;
  /** In [0, 1). */
  next(): number;
  /** A whole number from `from` to `to`, both included. */
  int(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** A source of its own, so that one part's draws do not shift another's. */
  fork(name: string): Rng;
}

/** The seed of this run: REVERIE_SEED, or a new one. Whoever uses it prints it, and it is all that is needed to run again. */
export const runSeed = (): number => Number(process.env.REVERIE_SEED ?? randomInt(2 ** 31));

/** mulberry32: small, and good enough to decide who dies next. */
export function rngOf(seed: number): Rng {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    seed,
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (from) => from[int(0, from.length - 1)]!,
    fork: (name) => rngOf([...name].reduce((hash, letter) => Math.imul(hash ^ letter.charCodeAt(0), 16_777_619), seed)),
  };
}
