import { ffmpeg } from '@reverie/media';
import type { Imagine } from '@reverie/pipelines';
import type { Workplace } from '../workplace.ts';
import { LOOP, pictureGraph } from './graph.ts';

/** Paints a moving landscape for a scene: no model, no network, no cost, and the same one for the same wish. */
export const offlineImagine = ({ ffmpegPath, place }: { ffmpegPath: string; place: Workplace }): Imagine => ({
  async picture(wish, out, signal) {
    await ffmpeg(
      (command) =>
        command
          .complexFilter(pictureGraph(wish))
          .output('file:picture.mp4')
          .outputOptions('-map', '[out]', '-frames:v', `${LOOP.seconds * LOOP.fps}`, ...ENCODE),
      { ffmpegPath, cwd: place.path, signal },
    );
    const picture = await place.keep('picture.mp4', { key: out.key('mp4'), contentType: 'video/mp4' }, signal);
    return { provider: 'offline', cost: 0, picture };
  },
});

/** A fixed number of threads and nothing of the day or the version in the file: same wish, same bytes. */
const ENCODE =
  '-c:v libx264 -preset veryfast -crf 18 -threads 2 -pix_fmt yuv420p -colorspace bt709 -color_primaries bt709 -color_trc bt709 -color_range tv -fflags +bitexact -flags:v +bitexact -map_metadata -1'.split(
    ' ',
  );
