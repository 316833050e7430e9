import { needFfmpeg } from '@reverie/media';
import type { Segments } from '@reverie/pipelines';
import { cut } from './cut.ts';
import { join } from './join.ts';
import { runModel } from './model.ts';
import type { SegmentsPlace } from './place.ts';

/** Every frame at its own time (`-fps_mode`) is not to be had before. */
const NEED = { least: 501, what: 'segments need' };

/** Cuts videos, runs the worker's model on the parts and joins them, in the folder of one attempt. */
export const ffmpegSegments = (here: SegmentsPlace): Segments => ({
  async cut(media, { seconds }, out, run) {
    await needFfmpeg(here.ffmpegPath, NEED);
    return cut(media, { seconds, out }, here, run);
  },
  async model(segment, wish, out, run) {
    await needFfmpeg(here.ffmpegPath, NEED);
    return runModel(segment, { ...wish, out }, here, run);
  },
  async join(parts, beside, out, run) {
    await needFfmpeg(here.ffmpegPath, NEED);
    return join(parts, { ...beside, key: out.key }, here, run);
  },
});
