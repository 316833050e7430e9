import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { type FfmpegPlace, ffmpeg } from '@reverie/media';
import { BYTES_PER_SECOND, SAMPLE_RATE } from './listen.ts';
import { soundscape } from './soundscape.ts';

/** A stretch of a file of bare samples, and when it is heard. */
interface Clip {
  file: string;
  from: number;
  seconds: number;
  at: number;
}

/** Puts clips on one track, each at its sample, with silence between. */
export async function writeTrack(
  name: string,
  { clips, seconds }: { clips: Clip[]; seconds: number },
  { cwd, signal }: FfmpegPlace,
): Promise<void> {
  const byteAt = (second: number) => Math.round(second * SAMPLE_RATE) * 2;
  async function* samples() {
    let written = 0;
    for (const { file, from, seconds, at } of clips) {
      yield* silence(byteAt(at) - written);
      const bytes = byteAt(seconds);
      yield* createReadStream(join(cwd, file), { start: byteAt(from), end: byteAt(from) + bytes - 1 });
      written = byteAt(at) + bytes;
    }
    yield* silence(byteAt(seconds) - written);
  }
  await pipeline(samples(), createWriteStream(join(cwd, name)), { signal });
}

function* silence(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= BYTES_PER_SECOND) yield Buffer.alloc(Math.min(left, BYTES_PER_SECOND));
}

/** The voice, made pleasant, over the soundscape some twenty decibels below it; or the soundscape alone. 48 kHz stereo. */
export async function mixNarration(
  wav: string,
  { seconds, seed, voice }: { seconds: number; seed: number; voice?: { track: string; finish: string } | undefined },
  place: FfmpegPlace,
): Promise<void> {
  const bed = soundscape(seed, seconds);
  const graph = voice
    ? `[0:a]${voice.finish}aformat=channel_layouts=stereo[voice];${bed};[bed]volume=-22dB[quiet];` +
      `[voice][quiet]amix=inputs=2:dropout_transition=0,volume=2,${LIMIT}`
    : `${bed};[bed]${LIMIT}`;
  await ffmpeg((command) => {
    if (voice) command.input(`file:${voice.track}`).inputOptions('-protocol_whitelist', 'file', ...SAMPLES);
    return command
      .complexFilter(graph)
      .outputOptions('-t', String(seconds), '-ar', String(SAMPLE_RATE), '-c:a', 'pcm_s16le', '-bitexact')
      .output(`file:${wav}`);
  }, place);
}

const SAMPLES = ['-f', 's16le', '-ar', String(SAMPLE_RATE), '-ac', '1'] as const;
/** Loud moments are held just below full scale, never clipped. */
const LIMIT = 'alimiter=limit=0.89:level=0,aformat=channel_layouts=stereo';
