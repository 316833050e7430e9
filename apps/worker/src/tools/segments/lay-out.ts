import type { Seen } from './look.ts';

/** A part as it is to be joined. */
export interface Joint extends Seen {
  name: string;
  /** What it takes up in the whole. */
  takes: number;
  /** Where it begins there. */
  at: number;
  /** So many seconds later its first frame is shown. */
  begins: number;
}

/** Every part begins exactly where those before it end: summed up anew each time, so that nothing drifts. */
export function startsOf(seconds: readonly number[]): number[] {
  let at = 0;
  return seconds.map((length) => {
    const start = at;
    at += length;
    return start;
  });
}

/** A list for ffmpeg's concat demuxer, and when its first file begins: the demuxer counts from there. */
export interface Joined {
  text: string;
  zero: number;
}

/**
 * Puts the parts where they belong. The demuxer lays a file's earliest packet, be it sound, behind the duration of the file
 * before; so the durations are chosen for each first frame to come to its place. In whole microseconds, as it reads them:
 * rounded places, not rounded lengths.
 */
export function layOut(joints: readonly Joint[]): Joined {
  const places = joints.map(({ at, begins, start, probe }) =>
    Math.round(1e6 * (at + begins - (start - (probe.format.start_time ?? start)))),
  );
  const lines = joints.map(({ name }, k) => {
    const next = places[k + 1];
    return `file ${name}\n${next === undefined ? '' : `duration ${((next - places[k]!) / 1e6).toFixed(6)}\n`}`;
  });
  return { text: `ffconcat version 1.0\n${lines.join('')}`, zero: places[0]! / 1e6 };
}
