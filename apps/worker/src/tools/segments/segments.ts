import type { Segments } from '@reverie/pipelines';
import { cut } from './cut.ts';
import { join } from './join.ts';
import { runModel } from './model.ts';
import type { SegmentsPlace } from './place.ts';

/** Cuts videos, runs the worker's model on the parts and joins them, in the folder of one attempt. */
export const ffmpegSegments = (here: SegmentsPlace): Segments => ({
  cut: (media, { seconds }, out, run) => cut(media, { seconds, out }, here, run),
  model: (segment, wish, out, run) => runModel(segment, { ...wish, out }, here, run),
  join: (parts, beside, out, run) => join(parts, { ...beside, key: out.key }, here, run),
});
