import { Failure } from '@reverie/contracts';
import { inLanes } from '@reverie/media';
import type { MadeSegment, Running } from '@reverie/pipelines';
import { badFile } from './decode.ts';
import { type Joint, startsOf } from './lay-out.ts';
import { look } from './look.ts';
import type { SegmentsPlace } from './place.ts';

/** Fetched and looked at together. */
const LANES = 3;

/** Brings all segments into the attempt's folder, and looks whether they are what their tasks said. */
export async function bringParts(
  parts: readonly MadeSegment[],
  { place, ffprobePath }: SegmentsPlace,
  run: Running,
): Promise<Joint[]> {
  const starts = startsOf(parts.map(({ seconds }) => seconds));
  let done = 0;
  return inLanes(parts, { atOnce: LANES, signal: run.signal }, async ({ file, frames, seconds, begins }, k, signal) => {
    const name = `joint-${k}.mp4`;
    const alive = () => run.progress((100 * done) / parts.length);
    await place.fetchTo(file, name, signal, alive);
    const refuse = badFile('output_rejected', `segment ${k} cannot be opened`);
    const seen = await look(name, { ffprobePath, cwd: place.path, signal, onPacket: alive }).catch(refuse);
    if (seen.frames !== frames) {
      throw new Failure('output_rejected', `segment ${k} has ${seen.frames} frames instead of ${frames}`);
    }
    done++;
    alive();
    return { ...seen, name, at: starts[k]!, takes: seconds, begins };
  });
}
