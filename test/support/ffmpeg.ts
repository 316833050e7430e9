import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ffmpeg, findFfmpeg } from '@reverie/embedded';

type ForTests = Ffmpeg & { ffmpegPath: string; ffprobePath: string };
let found: Promise<ForTests> | undefined;

/** The ffmpeg and ffprobe that tests use: the same search as `npm start`. */
export function ffmpegForTests(): Promise<ForTests> {
  found ??= findFfmpeg({ env: process.env, cacheDir: join(tmpdir(), 'reverie-tests') }).then((ffmpeg) => ({
    ...ffmpeg,
    ffmpegPath: ffmpeg.ffmpeg,
    ffprobePath: ffmpeg.ffprobe,
  }));
  return found;
}
