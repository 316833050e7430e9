import { addInput, ffmpeg } from '@reverie/media';
import type { FilmParts, Running } from '@reverie/pipelines';
import type { Cut, Studio } from './cut.ts';
import { FOR_THE_WEB, GRAPH_THREADS } from './encode.ts';
import { filmGraph } from './film-graph.ts';
import { joinParts, PART_FORMAT } from './join-parts.ts';
import { type Part, partsOf, sceneTimes } from './scene-times.ts';
import { sources } from './sources.ts';
import { burnIn, FILES, fetchPictures, layOutFonts, openingOf, writeWords } from './stage.ts';
import { subtitles } from './subtitles.ts';

/** Pictures, words and sound → one file. Every frame is encoded once: long films in parts, which are then joined as they are. */
export async function assemble(film: FilmParts, cut: Cut, { studio, run }: { studio: Studio; run: Running }) {
  const { place } = studio;
  const { fps } = cut.frame;
  const { scenes, duration } = openingOf(film, cut.seconds);
  const artifacts = await fetchPictures(place, { pictures: film.pictures, count: scenes.length }, run.signal);
  await layOutFonts(place);
  await writeWords(place, FILES.subtitles, subtitles(scenes, cut.wordsFor, duration));
  const shots = sceneTimes(scenes, duration, fps);
  const parts = partsOf(shots);
  const seconds = parts.at(-1)!.endFrame / fps;
  const sound = soundFilters(cut.loudness, seconds);

  const make = (part: Part, { output, withSound }: { output: string; withSound: boolean }) => {
    const { inputs, pictureOf } = sources(artifacts, part);
    const graph = filmGraph(pictureOf, { shots, part, frame: cut.frame, subtitles: burnIn(FILES.subtitles) });
    return ffmpeg(
      (command) => {
        // One thread each: a decoder with a thread a core for every picture would be a crowd.
        for (const name of inputs) addInput(command, { name, kind: 'picture', options: ['-threads', '1'] });
        if (withSound) addInput(command, { name: FILES.sound, kind: 'sound' });
        return command
          .complexFilter(withSound ? `${graph};[${inputs.length}:a:0]${sound}[sound]` : graph)
          .output(`file:${output}`)
          .outputOptions('-map', '[film]', ...GRAPH_THREADS, ...cut.encode.video, '-r', `${fps}`)
          .outputOptions('-t', ((part.endFrame - part.startFrame) / fps).toFixed(4))
          .outputOptions(...(withSound ? ['-map', '[sound]', ...cut.encode.audio, ...FOR_THE_WEB] : PART_FORMAT));
      },
      {
        ffmpegPath: studio.ffmpegPath,
        cwd: place.path,
        signal: run.signal,
        progress: {
          seconds,
          onPercent: (percent) => run.progress(Math.min(100, percent + (100 * part.startFrame) / fps / seconds)),
        },
      },
    );
  };

  if (parts.length === 1) return make(parts[0]!, { output: cut.output, withSound: true });
  const names = parts.map((_, k) => `part-${k}`);
  for (const [k, part] of parts.entries()) await make(part, { output: names[k]!, withSound: false });
  const lengths = parts.map((part) => (part.endFrame - part.startFrame) / fps);
  return joinParts({ names, lengths, sound, seconds, cut }, { studio, run });
}

/** As loud as it should be, exactly as long as the picture, without a click at either end. */
const soundFilters = (loudness: string, seconds: number) =>
  `aformat=channel_layouts=stereo,${loudness},aresample=48000,apad,atrim=0:${seconds.toFixed(4)},` +
  `afade=t=in:d=0.05,afade=t=out:st=${Math.max(0, seconds - 0.25).toFixed(4)}:d=0.25`;
