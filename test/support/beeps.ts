import type { Heard } from './cutting-room.ts';

/** Seconds at which a beep begins. */
export function beeps({ at, rate, samples }: Heard): number[] {
  const found: number[] = [];
  let last = -rate;
  samples.forEach((sample, i) => {
    if (Math.abs(sample) < 6_000) return;
    if (i - last > rate / 5) found.push(at + i / rate);
    last = i;
  });
  return found;
}
