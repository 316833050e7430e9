import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { BYTES_PER_SECOND, SAMPLE_RATE } from './listen.ts';
import { run } from './run.ts';
import { soundscape } from './soundscape.ts';

/** Where one attempt works, and with which ffmpeg. */
export interface Place {
  ffmpegPath: string;
  folder: string;
}

/** A stretch of a file of bare samples, and when it is heard. */
export interface Clip {
  file: string;
  from: number;
  seconds: number;
  at: number;
}

/** Puts clips on one track, each at its sample, with silence between. */
export async function writeTrack(
  name: string,
  { clips, seconds }: { clips: Clip[]; seconds: number },
  { folder }: Place,
  signal: AbortSignal,
): Promise<void> {
  const byteAt = (second: number) => Math.round(second * SAMPLE_RATE) * 2;
  async function* samples() {
    let written = 0;
    for (const { file, from, seconds, at } of clips) {
      yield* silence(byteAt(at) - written);
      const bytes = byteAt(seconds);
      yield* createReadStream(join(folder, file), { start: byteAt(from), end: byteAt(from) + bytes - 1 });
      written = byteAt(at) + bytes;
    }
    yield* silence(byteAt(seconds) - written);
  }
  await pipeline(samples(), createWriteStream(join(folder, name)), { signal });
}

function* silence(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= BYTES_PER_SECOND) yield Buffer.alloc(Math.min(left, BYTES_PER_SECOND));
}

/** The voice, made pleasant, over the soundscape some twenty decibels below it; or the soundscape alone. 48 kHz stereo. */
export async function mixNarration(
  { seconds, seed, voice, finish }: { seconds: number; seed: number; voice?: string; finish?: string },
  { ffmpegPath, folder }: Place,
  signal: AbortSignal,
): Promise<string> {
  const bed = soundscape(seed, seconds);
  const graph = voice
    ? `[0:a]${finish}aformat=channel_layouts=stereo[voice];${bed};[bed]volume=-22dB[quiet];` +
      `[voice][quiet]amix=inputs=2:dropout_transition=0,volume=2,${LIMIT}`
    : `${bed};[bed]${LIMIT}`;
  const input = voice ? ['-f', 's16le', '-ar', String(SAMPLE_RATE), '-ac', '1', '-i', `file:${voice}`] : [];
  const output = ['-t', String(seconds), '-ar', String(SAMPLE_RATE), '-ac', '2', '-c:a', 'pcm_s16le', '-bitexact'];
  await run(
    ffmpegPath,
    ['-nostdin', '-v', 'error', '-protocol_whitelist', 'file']
      .concat(input, ['-filter_complex', graph], output, ['-y', 'file:narration.wav']),
    { cwd: folder, signal },
  );
  return 'narration.wav';
}

/** Loud moments are held just below full scale, never clipped. */
const LIMIT = 'alimiter=limit=0.89:level=0';
