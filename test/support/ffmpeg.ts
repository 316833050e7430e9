import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFfmpeg } from '@reverie/embedded';

let found: Promise<{ ffmpegPath: string; ffprobePath: string }> | undefined;

/** The ffmpeg and ffprobe that tests use: the same search as `npm start`. */
export function ffmpegForTests(): Promise<{ ffmpegPath: string; ffprobePath: string }> {
  found ??= findFfmpeg({ env: process.env, cacheDir: join(tmpdir(), 'reverie-tests') }).then(({ ffmpeg, ffprobe }) => ({
    ffmpegPath: ffmpeg,
    ffprobePath: ffprobe,
  }));
  return found;
}
