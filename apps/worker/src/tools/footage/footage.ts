import type { Footage } from '@reverie/pipelines';
import { type Darkroom, prepare } from './prepare.ts';
import { stills } from './stills.ts';

/** Takes videos apart with ffmpeg in the folder of one attempt. */
export const ffmpegFootage = (room: Darkroom): Footage => ({
  prepare: (media, facts, out, run) => prepare({ media, facts, out }, room, run),
  stills: (video, moments, { key }, run) => stills({ video, moments, key }, room, run),
});
