import type { Artifact } from '@reverie/contracts';
import type { FilmParts, Running } from '@reverie/pipelines';
import { addInput, ffmpeg } from '../ffmpeg.ts';
import type { Workplace } from '../workplace.ts';
import { GRAPH_THREADS } from './encode.ts';
import { clipSource, type Frame, filmGraph, type Picture } from './film-graph.ts';
import { sceneTimes } from './scene-times.ts';
import { burnIn, FILES, fetchPictures, layOutFonts, openingOf, writeWords } from './stage.ts';
import { subtitles } from './subtitles.ts';

/** Where a film is made, and with which ffmpeg. */
export interface Studio {
  ffmpegPath: string;
  place: Workplace;
}

export interface Cut {
  frame: Frame;
  /** The size the words are laid out for; ffmpeg scales them with the picture. */
  wordsFor: { width: number; height: number };
  /** At most this much of the film. */
  seconds: number;
  /** The filters that make the narration as loud as it should be. */
  loudness: string;
  encode: readonly string[];
  /** A name in the attempt's folder. */
  output: string;
}

/** Pictures, words and sound → one file, in one encode. */
export async function assemble(parts: FilmParts, cut: Cut, { studio, run }: { studio: Studio; run: Running }) {
  const { ffmpegPath, place } = studio;
  const { scenes, duration } = openingOf(parts, cut.seconds);
  const { pictures, inputs } = sources(
    await fetchPictures(place, { pictures: parts.pictures, count: scenes.length }, run.signal),
  );
  await layOutFonts(place);
  await writeWords(place, FILES.subtitles, subtitles(scenes, cut.wordsFor, duration));
  const shots = sceneTimes(scenes, duration, cut.frame.fps);
  const seconds = shots.reduce((end, shot) => Math.max(end, shot.startFrame + shot.frames), 0) / cut.frame.fps;
  const picture = filmGraph(pictures, { shots, frame: cut.frame, subtitles: burnIn(FILES.subtitles) });
  const sound = `[${inputs.length}:a:0]${soundFilters(cut.loudness, seconds)}[sound]`;
  await ffmpeg(
    (command) => {
      // One thread each: sixty decoders with a thread a core would be a crowd.
      for (const name of inputs) addInput(command, { name, kind: 'picture', options: ['-threads', '1'] });
      return addInput(command, { name: FILES.sound, kind: 'sound' })
        .complexFilter(`${picture};${sound}`)
        .output(`file:${cut.output}`)
        .outputOptions('-map', '[film]', '-map', '[sound]', ...GRAPH_THREADS, ...cut.encode, '-t', seconds.toFixed(4));
    },
    { ffmpegPath, cwd: place.path, signal: run.signal, progress: { seconds, onPercent: (p) => run.progress(p) } },
  );
}

/** Stills are inputs of the command, clips are read by the graph: see clipSource. */
function sources(artifacts: readonly Artifact[]): { pictures: Picture[]; inputs: string[] } {
  const inputs: string[] = [];
  const pictures = artifacts.map(({ contentType }, i) => {
    const still = contentType.startsWith('image/');
    const clip = contentType === 'video/webm' ? 'matroska' : 'mov';
    if (!still) return { still, source: clipSource(FILES.picture(i), clip) };
    inputs.push(FILES.picture(i));
    return { still, source: `[${inputs.length - 1}:v]` };
  });
  return { pictures, inputs };
}

/** As loud as it should be, exactly as long as the picture, without a click at either end. */
const soundFilters = (loudness: string, seconds: number) =>
  `aformat=channel_layouts=stereo,${loudness},aresample=48000,apad,atrim=0:${seconds.toFixed(4)},` +
  `afade=t=in:d=0.05,afade=t=out:st=${Math.max(0, seconds - 0.25).toFixed(4)}:d=0.25`;
