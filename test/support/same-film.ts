import { expect } from 'vitest';
import type { CuttingRoom } from './cutting-room.ts';

/** A tick of the finest clock that films usually have; rounding may take one at either side. */
const TICKS = 2 / 90_000;

/** Holds a film against what it was made of: every pixel, every time, every sample, and how sound and picture lie to each other. */
export async function expectSameFilm(
  room: CuttingRoom,
  { was, is, newSound = false, pixels }: { was: string; is: string; newSound?: boolean; pixels?: string | undefined },
) {
  const format = pixels ? ['-pix_fmt', pixels] : [];
  const [before, after] = [await room.frames(was, ...format), await room.frames(is, ...format)];
  expect(after.map(({ hash }) => hash)).toEqual(before.map(({ hash }) => hash));
  const [zero, start] = [before[0]!.at, after[0]!.at];
  const off = after.map(({ at }, i) => Math.abs(at - start - (before[i]!.at - zero)));
  expect(Math.max(...off)).toBeLessThan(TICKS);
  const frame = before.length > 1 ? (before.at(-1)!.at - zero) / (before.length - 1) : 0.04;
  expect(Math.abs((await room.pictureSeconds(is)) - (before.at(-1)!.at - zero + frame))).toBeLessThan(frame);

  const [sounds, heard] = [await room.heard(was), await room.heard(is)];
  expect(heard.length).toBe(sounds.length);
  for (const [i, track] of heard.entries()) {
    const original = sounds[i]!;
    const { skipped, alike } = compare(original.samples, track.samples, newSound ? 0.05 : 0);
    expect(alike).toBe(true);
    const away = track.at - start - (original.at + skipped / original.rate - zero);
    expect(Math.abs(away)).toBeLessThan(0.001);
    // An encoder's last packet may be filled up.
    const more = (track.samples.length - original.samples.length + skipped) / original.rate;
    expect(Math.abs(more)).toBeLessThan(0.065);
  }
}

/** Samples of one channel: how many of the first are left out of the other, as the run-up of an encoder is, and whether the rest is the same. */
function compare(was: Int16Array, is: Int16Array, tolerance: number): { skipped: number; alike: boolean } {
  let skipped = 0;
  let least = Infinity;
  // Silence is like any other silence.
  const loud = is.findIndex((sample, i) => i > 4_000 && Math.abs(sample) > 3_000);
  for (let shift = -MOST_SHIFT; shift <= MOST_SHIFT && least > 0; shift++) {
    const away = difference(was, is, { shift, from: loud, count: tolerance > 0 ? 4_000 : 400 });
    if (away < least) [least, skipped] = [away, shift];
  }
  const from = Math.max(0, -skipped);
  const count = Math.min(was.length - skipped, is.length) - from;
  return { skipped, alike: difference(was, is, { shift: skipped, from, count }) <= tolerance };
}

/** No encoder here has a longer run-up than a packet and a half. */
const MOST_SHIFT = 1_600;

/** Of the sound's own strength. */
function difference(
  was: Int16Array,
  is: Int16Array,
  { shift, from, count }: { shift: number; from: number; count: number },
): number {
  let [sum, loud] = [0, 1];
  for (let i = from; i < from + count; i++) {
    sum += Math.abs(was[i + shift]! - is[i]!);
    loud += Math.abs(was[i + shift]!);
  }
  return sum / loud;
}
