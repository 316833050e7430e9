import { Failure } from '@reverie/contracts';
import type { FfprobePlace, Probe } from '@reverie/media';
import { secondsInWords } from './in-words.ts';
import { looked } from './odd.ts';
import { lastPacket } from './packets.ts';

/** The end is read from so many seconds before it. */
const TAIL_SECONDS = 5;
/** ffprobe guesses how long these are, by their size. */
const GUESSED = ['aac', 'ac3', 'eac3', 'amr'];

/**
 * How long a recording really is, by the packets at its end. A file that does not reach the end it speaks of was cut
 * short; one that speaks of none, as a live stream does, is as long as it is.
 */
export async function measure(
  name: string,
  { format }: Probe,
  options: FfprobePlace & { alive(): void },
): Promise<number> {
  const start = Math.max(0, format.start_time ?? 0);
  const claimed = GUESSED.includes(format.format_name) ? 0 : (format.duration ?? 0);
  const isShort = (seconds: number) => claimed - seconds > Math.max(1, claimed * 0.01);
  const read = async (from: number) => {
    const { end, trace } = await lastPacket(name, { ...options, from, onPacket: options.alive }).catch(looked);
    return { seconds: Math.max(0, end - start), trace };
  };

  const from = start + claimed - TAIL_SECONDS;
  let seen = await read(from > start ? from : 0);
  // Not every format finds a place near its end.
  if (isShort(seen.seconds) && from > start) seen = await read(0);
  const { seconds, trace } = seen;
  if (isShort(seconds) || /ended prematurely|partial file/.test(trace.log)) {
    const told = claimed > 0 ? `: of ${secondsInWords(claimed)} only ${secondsInWords(seconds)} are there` : '';
    throw new Failure('media_truncated', `the file was cut short${told}`, { trace });
  }
  if (seconds === 0) throw new Failure('media_unreadable', 'nothing in the file lasts any time', { trace });
  return claimed > 0 && seconds <= claimed + 1 ? claimed : seconds;
}
