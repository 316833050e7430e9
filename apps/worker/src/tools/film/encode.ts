import { availableParallelism } from 'node:os';

/** More threads than this make x264 use memory, not less time. */
const THREADS = String(Math.min(4, availableParallelism()));
const words = (text: string) => text.split(' ');

/** How a film is written: picture and sound. */
export interface Encode {
  video: readonly string[];
  audio: readonly string[];
}

const COLOURS = words('-pix_fmt yuv420p -colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv');

/** Plays everywhere. */
export const FILM_ENCODE: Encode = {
  video: [...words('-c:v libx264 -preset veryfast -crf 20 -profile:v high -threads'), THREADS, ...COLOURS],
  audio: words('-c:a aac -b:a 160k -ar 48000 -ac 2'),
};
export const PREVIEW_ENCODE: Encode = {
  video: [...words('-c:v libx264 -preset ultrafast -crf 26 -threads'), THREADS, ...COLOURS],
  audio: words('-c:a aac -b:a 64k -ar 48000 -ac 1'),
};

/** Begins to play before it is loaded, and says nothing of the files it was made of. */
export const FOR_THE_WEB = words('-movflags +faststart -map_metadata -1');
export const GRAPH_THREADS = ['-filter_complex_threads', THREADS];
