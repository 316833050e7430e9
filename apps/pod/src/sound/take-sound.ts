import { Failure, type Span } from '@reverie/contracts';
import { addInput, ffmpeg, ffprobe, levelIn, percentOf, restsIn, soundGraph } from '@reverie/media';
import type { Bench, Run } from '../bench.ts';
import { type Input, unreadable } from '../input/look.ts';

/** What is heard in the video, as transcription wants it, and where nobody speaks. */
export interface Sound {
  file: string;
  seconds: number;
  rests: Span[];
}

const WISH = { mono: true, sampleRate16k: true, highPass: false, removeNoise: false };
const FLAC = 'sound.flac';

/** Takes the sound out of the video. Its times count from where the video begins. Undefined: there is none. */
export async function takeSound(
  input: Input,
  { ffmpegPath, ffprobePath }: Bench,
  { dir, signal, progress }: Run,
): Promise<Sound | undefined> {
  if (!input.sound) return undefined;
  const { file, index, late, stream } = input.sound;
  const graph = soundGraph(WISH, {
    sampleRate: stream.sample_rate ?? 48_000,
    channels: stream.channels ?? 2,
    lateSeconds: late,
  });
  const levels: number[] = [];
  const follow = percentOf(input.seconds, (percent) => progress(15 + percent / 10, 'sound'));
  const trace = await ffmpeg(
    (command) =>
      addInput(command, { name: file, kind: 'source' })
        .complexFilter(`[0:${index}]${graph.filters}[sound]`)
        .output(`file:${FLAC}`)
        .outputOptions('-map', '[sound]', '-c:a', 'flac', '-sample_fmt', 's16', '-map_metadata', '-1', '-bitexact'),
    {
      ...{ ffmpegPath, cwd: dir, signal },
      onLine(line) {
        follow(line);
        const level = levelIn(line);
        if (level !== undefined) levels.push(level);
      },
    },
  ).catch(unreadable);
  if (levels.length === 0) throw new Failure('media_unreadable', 'the sound of the video cannot be decoded', { trace });
  const made = await ffprobe(FLAC, { ffprobePath, cwd: dir, signal });
  const seconds = made.format.duration ?? levels.length * graph.windowSeconds;
  return { file: FLAC, seconds, rests: restsIn(levels, graph.windowSeconds, seconds) };
}
