import type { MadeSegment, ModelWish, Running } from '@reverie/pipelines';
import { rising } from '../rising.ts';
import { bringSegment, lookAtSegment, type SegmentFile } from './model-input.ts';
import { lookAtResult } from './model-result.ts';
import type { SegmentsPlace } from './place.ts';
import { withSoundOf } from './sound-back.ts';
import { stretch } from './stretch.ts';

interface Wish extends ModelWish {
  out: { key: string };
}

const SEGMENT = 'segment';

/** Runs the worker's model on one segment, and looks at what came of it. */
export async function runModel(
  from: SegmentFile,
  { out, ...which }: Wish,
  here: SegmentsPlace,
  { signal, progress }: Running,
): Promise<MadeSegment> {
  const run = { signal, progress: rising(progress) };
  const { place, model, ffmpegPath } = here;
  await bringSegment(from, SEGMENT, here, stretch(run, 0, 10));
  const input = await lookAtSegment(from, SEGMENT, here, stretch(run, 10, 20));
  const given = { name: SEGMENT, seen: input, ...which, remote: remote(from, out.key, here, () => run.progress(20)) };
  const name = await model.run(given, { ffmpegPath, path: place.path }, stretch(run, 20, 80));
  const seen = name === SEGMENT ? input : await lookAtResult(name, input, here, stretch(run, 80, 95));
  const whole = await withSoundOf(input, { ...seen, name }, here, signal);
  const file = await place.keep(whole, { key: out.key, contentType: 'video/mp4' }, signal, () => run.progress(95));
  // What is missing in front is missing in what was made of it, too.
  const short = input.toLast - seen.toLast;
  const begins = Math.abs(short - input.lost) < Math.abs(short) ? input.lost : 0;
  return { file, seconds: input.seconds, frames: seen.frames, model: model.name, begins };
}

/** The store, for a model that goes there itself. */
const remote = (from: SegmentFile, key: string, { store, inputs, place }: SegmentsPlace, alive: () => void) => ({
  async link(method: 'GET' | 'PUT', seconds: number): Promise<string> {
    if (method === 'PUT') return store.linkTo(key, { method, seconds });
    return 'file' in from
      ? store.linkTo(from.file.key, { method, seconds })
      : inputs.linkTo(from.uploaded, { method, seconds });
  },
  async fetchMade(name: string, signal: AbortSignal): Promise<boolean> {
    const made = await store.head(key);
    if (made) await place.fetchTo(made, name, signal, alive);
    return made !== undefined;
  },
});
