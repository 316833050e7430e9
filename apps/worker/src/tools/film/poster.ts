import { ASPECTS } from '@reverie/contracts';
import { addInput, ffmpeg } from '@reverie/media';
import type { FilmParts } from '@reverie/pipelines';
import type { Studio } from './cut.ts';
import { burnIn, FILES, fetchPictures, layOutFonts, writeWords } from './stage.ts';
import { titleCard } from './title.ts';

/** The first scene with the title on it, as a JPEG of the film's size. */
export async function drawPoster(
  parts: FilmParts,
  { output, studio, signal }: { output: string; studio: Studio; signal: AbortSignal },
): Promise<void> {
  const { ffmpegPath, place } = studio;
  const size = ASPECTS[parts.aspect];
  await fetchPictures(place, { pictures: parts.pictures, count: 1 }, signal);
  await layOutFonts(place);
  await writeWords(place, FILES.title, titleCard(parts.title, size));
  await ffmpeg(
    (command) =>
      addInput(command, { name: FILES.picture(0), kind: 'picture' })
        .complexFilter(posterGraph(size))
        .output(`file:${output}`)
        .outputOptions('-map', '[poster]', '-frames:v', '1', '-q:v', '3', '-f', 'mjpeg'),
    { ffmpegPath, cwd: place.path, signal },
  );
}

/** A JPEG is of the whole range and the old matrix, whatever the film is. */
const posterGraph = ({ width, height }: { width: number; height: number }) =>
  `[0:v]scale=${width}:${height}:force_original_aspect_ratio=increase:flags=lanczos,crop=${width}:${height},setsar=1,` +
  `format=gbrp,unsharp=5:5:0.4,format=gbrp,${burnIn(FILES.title)},` +
  `scale=out_color_matrix=bt601:out_range=full,format=yuvj420p[poster]`;
