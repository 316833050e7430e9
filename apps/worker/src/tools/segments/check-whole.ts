import { Failure, type MediaFacts } from '@reverie/contracts';
import { audioOf, factsOf } from '@reverie/media';
import type { Running } from '@reverie/pipelines';
import { badFile, decodeFrames } from './decode.ts';
import { look } from './look.ts';
import type { SegmentsPlace } from './place.ts';

/** The ends are decoded: every frame between them is a packet that was looked at before. */
const ENDS_SECONDS = 2;

/** Refuses a joined file that has other frames than its parts, or lasts for another time. */
export async function checkWhole(
  name: string,
  expected: { frames: number; seconds: number; hasSound: boolean },
  { ffmpegPath, ffprobePath, place }: SegmentsPlace,
  { signal, progress }: Running,
): Promise<MediaFacts> {
  const alive = () => progress(0);
  const refuse = badFile('output_rejected', 'the joined file does not decode');
  const looking = { ffprobePath, cwd: place.path, signal };
  const { probe, frames, seconds, start } = await look(name, { ...looking, onPacket: alive }).catch(refuse);
  if (frames !== expected.frames) {
    throw new Failure('output_rejected', `the joined file has ${frames} frames instead of ${expected.frames}`);
  }
  if (Math.abs(seconds - expected.seconds) > (expected.seconds / expected.frames) * 1.01) {
    throw new Failure('output_rejected', `the joined file lasts ${seconds} s instead of ${expected.seconds} s`);
  }
  if (expected.hasSound && !audioOf(probe)) throw new Failure('output_rejected', 'the joined file has lost its sound');
  const decoding = { ...looking, ffmpegPath, alive };
  const last = start + seconds - ENDS_SECONDS;
  for (const from of last > ENDS_SECONDS ? [0, last] : [0]) {
    const length = last > ENDS_SECONDS && from === 0 ? { seconds: start + ENDS_SECONDS } : {};
    // In the middle, groups of pictures may be open: there ffmpeg complains of what it has not seen.
    const decoded = await decodeFrames(name, { ...decoding, from, strict: from === 0, ...length }).catch(refuse);
    if (decoded === 0) throw new Failure('output_rejected', `nothing of the joined file can be decoded at ${from} s`);
  }
  return factsOf(probe, probe.format.duration ?? start + seconds);
}
