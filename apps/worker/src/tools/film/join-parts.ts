import { addInput, ffmpeg } from '@reverie/media';
import type { Running } from '@reverie/pipelines';
import type { Cut, Studio } from './cut.ts';
import { FOR_THE_WEB } from './encode.ts';
import { FILES, writeWords } from './stage.ts';

/** Its clock counts frames exactly, and unlike MP4 it has no edit list to be lost in joining. */
export const PART_FORMAT = ['-f', 'mpegts', '-muxdelay', '0', '-muxpreload', '0'];

const LIST = 'parts.txt';

/** Puts parts behind each other without touching their frames, and the sound to them. */
export async function joinParts(
  film: { names: string[]; lengths: number[]; sound: string; seconds: number; cut: Cut },
  { studio, run }: { studio: Studio; run: Running },
) {
  const { names, lengths, sound, seconds, cut } = film;
  const list = names.map((name, k) => `file ${name}\nduration ${lengths[k]!.toFixed(6)}\n`).join('');
  await writeWords(studio.place, LIST, `ffconcat version 1.0\n${list}`);
  return ffmpeg(
    (command) => {
      // The only list ever read, and we wrote it: names of our own parts.
      command.input(`file:${LIST}`).inputOptions('-protocol_whitelist', 'file', '-f', 'concat');
      return addInput(command, { name: FILES.sound, kind: 'sound' })
        .complexFilter(`[1:a:0]${sound}[sound]`)
        .output(`file:${cut.output}`)
        .outputOptions('-map', '0:v:0', '-map', '[sound]', '-c:v', 'copy', ...cut.encode.audio, ...FOR_THE_WEB)
        .outputOptions('-t', seconds.toFixed(4));
    },
    { ffmpegPath: studio.ffmpegPath, cwd: studio.place.path, signal: run.signal },
  );
}
