import { join } from 'node:path';
import type { Span } from '@reverie/contracts';
import { addInput, type FfmpegPlace, ffmpeg } from '../ffmpeg.ts';
import { levelIn } from '../sound/levels.ts';
import { restsIn } from '../sound/rests.ts';
import { soundGraph } from '../sound/sound-graph.ts';

/** A piece of a recording as every transcription server takes it: 16 kHz mono FLAC, two megabytes a minute at most. */
export interface Piece {
  path: string;
  seconds: number;
  /** Where nobody speaks in it, from its own beginning. */
  rests: Span[];
  /** There is nothing to be heard in it. */
  silent: boolean;
}

/** In dB below full scale, of the loudest fiftieth of a second: less than the hiss of a good microphone. */
const NOTHING_DB = -60;
/** OpenAI refuses what is shorter. */
const SHORTEST_SECONDS = 0.1;

const WISH = { mono: true, sampleRate16k: true, highPass: false, removeNoise: false };

export async function cutPiece(recording: string, { start, end }: Span, place: FfmpegPlace): Promise<Piece> {
  const seconds = end - start;
  const graph = soundGraph(WISH, { sampleRate: 16_000, channels: 1, lateSeconds: 0 });
  const levels: number[] = [];
  const options = ['-ss', start.toFixed(3), '-t', seconds.toFixed(3)];
  await ffmpeg(
    (command) =>
      addInput(command, { name: recording, kind: 'sound', options })
        .complexFilter(`[0:a:0]${graph.filters}[piece]`)
        .output(`file:${NAME}`)
        .outputOptions('-map', '[piece]', '-c:a', 'flac', '-sample_fmt', 's16', '-map_metadata', '-1', '-bitexact'),
    {
      ...place,
      onLine(line) {
        const level = levelIn(line);
        if (level !== undefined) levels.push(level);
      },
    },
  );
  return {
    path: join(place.cwd, NAME),
    seconds,
    rests: restsIn(levels, graph.windowSeconds, seconds),
    silent: seconds < SHORTEST_SECONDS || levels.every((level) => level < NOTHING_DB),
  };
}

const NAME = 'piece.flac';
