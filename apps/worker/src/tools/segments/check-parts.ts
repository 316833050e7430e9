import { Failure } from '@reverie/contracts';
import { inLanes } from '@reverie/media';
import type { Running } from '@reverie/pipelines';
import type { FrameAt } from './clean-cuts.ts';
import { clockOf } from './clock.ts';
import { beginsWhole } from './first-frames.ts';
import { frameOf, look, type Seen } from './look.ts';
import type { SegmentsPlace } from './place.ts';
import { partName } from './split.ts';

/** A part in the attempt's folder, and what it takes up in the whole. */
export interface Part {
  name: string;
  seconds: number;
  frames: number;
}

/** Each of them starts two programs, which hardly compute. */
const LANES = 3;

/** What the parts must be, if every frame is to be in one of them. */
export function partsOf({ packets, video }: Seen, cuts: readonly FrameAt[]): Part[] {
  const { tick } = clockOf(video);
  const from = [{ frame: 0, pts: packets.start }, ...cuts];
  const to = [...cuts, { frame: packets.frames, pts: packets.end }];
  return from.map((begin, k) => ({
    name: partName(k),
    seconds: (to[k]!.pts - begin.pts) * tick,
    frames: to[k]!.frame - begin.frame,
  }));
}

/** Looks at every part: false where one does not begin with a whole picture, and the cuts were none. */
export async function checkParts(parts: readonly Part[], here: SegmentsPlace, run: Running): Promise<boolean> {
  let done = 0;
  const whole = await inLanes(parts, { atOnce: LANES, signal: run.signal }, async (part, k, signal) => {
    const place = { ffprobePath: here.ffprobePath, cwd: here.place.path, signal };
    const seen = await look(part.name, place);
    const fits = Math.abs(seen.start) < frameOf(part) / 2 && seen.toLast < part.seconds;
    if (seen.frames !== part.frames || !fits) {
      const is = `${seen.frames} frames in ${seen.seconds} s from ${seen.start} s`;
      throw new Failure('output_rejected', `part ${k} has ${is} instead of ${part.frames} in ${part.seconds} s from 0`);
    }
    const begins = await beginsWhole(part.name, { ...place, index: seen.video.index });
    run.progress((100 * ++done) / parts.length);
    return begins;
  });
  return whole.every(Boolean);
}
