import type { Rgb } from './moods.ts';

/** A number as a filter expression may hold it: never an exponent, never more than needed. */
export const n = (value: number): string => {
  const short = value.toFixed(4).replace(/\.?0+$/, '');
  return value < 0 ? `(${short})` : short;
};

/** Chance per cell: the usual sine hash, in [0, 1). */
export const hash = (cell: string, salt: number): string => `mod(abs(sin((${cell})*12.9898+${n(salt)})*43758.5453),1)`;

/** From one number to another while `at` goes from 0 to 1. */
export const mix = (from: number, to: number, at: string): string => `(${n(from)}+${n(to - from)}*${at})`;

/** Red, green and blue of geq, from one colour to another. */
export const mixRgb = (from: Rgb, to: Rgb, at: string): string =>
  `r='${mix(from[0], to[0], at)}':g='${mix(from[1], to[1], at)}':b='${mix(from[2], to[2], at)}'`;

export const between = (from: Rgb, to: Rgb, at: number): Rgb => [
  from[0] + (to[0] - from[0]) * at,
  from[1] + (to[1] - from[1]) * at,
  from[2] + (to[2] - from[2]) * at,
];

/** 0 below the first, 1 above the second, smooth between. */
export const smooth = (low: number, high: number, value: string): string => {
  const t = `clip((${value}-${n(low)})/${n(high - low)},0,1)`;
  return `(${t}*${t}*(3-2*${t}))`;
};
