import { Failure } from '@reverie/contracts';
import type { Running } from '@reverie/pipelines';
import { badFile, decodeFrames } from './decode.ts';
import { frameOf, look, type Seen } from './look.ts';
import type { Input } from './model-input.ts';
import type { SegmentsPlace } from './place.ts';

/** Refuses what a model made if it does not decode, has other frames, or lasts for another time than the segment. */
export async function lookAtResult(name: string, input: Input, here: SegmentsPlace, run: Running): Promise<Seen> {
  const alive = () => run.progress(0);
  const looking = { ffprobePath: here.ffprobePath, cwd: here.place.path, signal: run.signal };
  const decoding = { ...looking, ffmpegPath: here.ffmpegPath, alive };
  const refuse = badFile('output_rejected', `what ${here.model.name} made of the segment does not decode`);
  const seen = await look(name, { ...looking, onPacket: alive }).catch(refuse);
  const decoded = await decodeFrames(name, decoding).catch(refuse);
  if (decoded !== (input.decoded ?? input.frames)) {
    // Not every packet needs to become a picture.
    const wanted = input.decoded ?? (await decodeFrames(input.name, decoding));
    if (decoded !== wanted) throw other(here, `${decoded} frames instead of ${wanted}`);
  }
  const away = Math.min(Math.abs(input.toLast - seen.toLast), Math.abs(input.toLast - input.lost - seen.toLast));
  if (away > frameOf(input) * 1.01) {
    throw other(here, `a last frame at ${seen.toLast.toFixed(3)} s instead of ${input.toLast.toFixed(3)} s`);
  }
  return seen;
}

const other = ({ model }: SegmentsPlace, what: string) =>
  new Failure('output_rejected', `${model.name} made ${what}: every frame of a segment must stay, at its time`);
