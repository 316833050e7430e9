import { availableParallelism } from 'node:os';

/** More threads than this make x264 use memory, not less time. */
const THREADS = String(Math.min(4, availableParallelism()));
const words = (text: string) => text.split(' ');

const SOUND = words('-c:a aac -b:a 160k -ar 48000 -ac 2');
const WEB = words(
  '-pix_fmt yuv420p -colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv -movflags +faststart -map_metadata -1',
);

/** Plays everywhere, begins before it is loaded. */
export const FILM_ENCODE = [
  ...words('-c:v libx264 -preset veryfast -crf 20 -profile:v high -threads'),
  THREADS,
  ...WEB,
  ...SOUND,
];
export const PREVIEW_ENCODE = [
  ...words('-c:v libx264 -preset ultrafast -crf 26 -profile:v main -threads'),
  THREADS,
  ...WEB,
  ...words('-c:a aac -b:a 64k -ar 48000 -ac 1'),
];
export const GRAPH_THREADS = ['-filter_complex_threads', THREADS];
