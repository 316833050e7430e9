import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure, type MediaFacts } from '@reverie/contracts';
import { type FfprobePlace, factsOf, ffprobe } from '@reverie/media';
import { extensionOf } from './container.ts';
import { declaredSize } from './declared-size.ts';
import { refuseUndecodable } from './decodes.ts';
import { refuseText } from './disguise.ts';
import { bytesInWords, secondsInWords } from './in-words.ts';
import { measure } from './measure.ts';
import { looked, MOST_STREAMS, refuseOdd } from './odd.ts';

export interface Inspecting extends FfprobePlace {
  ffmpegPath: string;
  maxSeconds: number;
  /** Called often: looking through hours of video takes a while. */
  alive(): void;
}

/** How much of the beginning is looked at without ffmpeg. */
const HEAD_BYTES = 65_536;
/** Some writers count their own header, or a byte that fills up, and some do not. */
const SLACK_BYTES = 16;
/** More than the first 10 MB are not searched for streams. */
const CAREFULLY = ['-probesize', '10M', '-analyzeduration', '10M', '-max_streams', String(MOST_STREAMS)];

/** Looks at a file that came from outside before anything else does. What may not go on is refused by its own code. */
export async function inspect(name: string, options: Inspecting): Promise<{ facts: MediaFacts; extension: string }> {
  await refuseByBytes(join(options.cwd, name));
  const probe = await ffprobe(name, { ...soon(options), kind: 'source', options: CAREFULLY }).catch(looked);
  refuseOdd(probe);
  refuseLong(probe.format.duration ?? 0, options);
  const duration = await measure(name, probe, options);
  refuseLong(duration, options);
  await refuseUndecodable(name, soon(options));
  return { facts: factsOf(probe, duration), extension: extensionOf(probe) };
}

/** A file can be made to keep ffmpeg busy for ever. */
const soon = (options: Inspecting): Inspecting => ({
  ...options,
  signal: AbortSignal.any([options.signal, AbortSignal.timeout(LOOKS_MS)]),
});
const LOOKS_MS = 60_000;

/** What the bytes themselves tell. */
async function refuseByBytes(path: string): Promise<void> {
  await using file = await open(path);
  const { size } = await file.stat();
  if (size === 0) throw new Failure('media_empty', 'the file is empty: there is not one byte in it');
  const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  const head = buffer.subarray(0, bytesRead);
  refuseText(head);
  const missing = ((await declaredSize(file, head)) ?? 0) - size;
  if (missing > SLACK_BYTES) {
    throw new Failure('media_truncated', `the file was cut short: ${bytesInWords(missing)} of it are missing`);
  }
}

function refuseLong(seconds: number, { maxSeconds }: { maxSeconds: number }): void {
  if (seconds <= maxSeconds) return;
  const [long, most] = [secondsInWords(seconds), secondsInWords(maxSeconds)];
  throw new Failure('media_too_long', `the recording lasts ${long}, and the most is ${most} (MAX_SOURCE_MINUTES)`);
}
