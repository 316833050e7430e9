import { ASPECTS } from '@reverie/contracts';
import { addInput, ffmpeg } from '@reverie/media';
import type { Film, FilmParts, Running } from '@reverie/pipelines';
import { assemble } from './assemble.ts';
import type { Studio } from './cut.ts';
import { FILM_ENCODE, PREVIEW_ENCODE } from './encode.ts';
import { measureLoudness, normaliseLoudness, quickLoudness, readLoudness } from './loudness.ts';
import { drawPoster } from './poster.ts';
import { FILES } from './stage.ts';

/** As in the cinema: fewer frames than television, and nothing moves fast in a dream. */
const FILM_FPS = 24;
const PREVIEW = { fps: 12, seconds: 30, part: 1 / 3 } as const;

/** Puts films together with ffmpeg in the folder of one attempt. */
export const ffmpegFilm = (studio: Studio): Film => ({
  async preview(parts, out, run) {
    const { place } = studio;
    const size = ASPECTS[parts.aspect];
    await fetchSound(parts, studio, run);
    await drawPoster(parts, { output: 'poster.jpg', studio, signal: run.signal });
    const poster = await place.keep('poster.jpg', { key: out.poster, contentType: 'image/jpeg' }, run.signal);
    const frame = {
      width: even(size.width * PREVIEW.part),
      height: even(size.height * PREVIEW.part),
      fps: PREVIEW.fps,
    };
    await assemble(
      parts,
      {
        frame,
        wordsFor: size,
        seconds: PREVIEW.seconds,
        loudness: quickLoudness,
        encode: PREVIEW_ENCODE,
        output: 'preview.mp4',
      },
      { studio, run },
    );
    const video = await place.keep('preview.mp4', { key: out.video, contentType: 'video/mp4' }, run.signal);
    return { video, poster };
  },

  async render(parts, out, run) {
    const size = ASPECTS[parts.aspect];
    await fetchSound(parts, studio, run);
    const loudness = normaliseLoudness(await measured(studio, run));
    const frame = { ...size, fps: FILM_FPS };
    await assemble(
      parts,
      { frame, wordsFor: size, seconds: Infinity, loudness, encode: FILM_ENCODE, output: 'film.mp4' },
      { studio, run },
    );
    return studio.place.keep('film.mp4', { key: out.key, contentType: 'video/mp4' }, run.signal);
  },
});

const even = (value: number) => 2 * Math.round(value / 2);

const fetchSound = ({ narration }: FilmParts, { place }: Studio, { signal }: Running) =>
  place.fetchTo(narration.audio, FILES.sound, signal);

async function measured({ ffmpegPath, place }: Studio, { signal }: Running) {
  const { log } = await ffmpeg(
    (command) =>
      addInput(command, { name: FILES.sound, kind: 'sound' })
        .output('-')
        .outputOptions('-map', '0:a:0', '-af', `aformat=channel_layouts=stereo,${measureLoudness}`, '-f', 'null'),
    { ffmpegPath, cwd: place.path, signal },
  );
  return readLoudness(log);
}
