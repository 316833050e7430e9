import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { FfmpegPlace } from '@reverie/media';
import { run } from '@reverie/media';
import type { Span } from './time-words.ts';

/** What every voice is brought to before it is put together: 16 bits, mono. */
export const SAMPLE_RATE = 48_000;
export const BYTES_PER_SECOND = SAMPLE_RATE * 2;

/** What can be heard in a recording. */
interface Heard {
  /** From the first sound to the last; undefined when there is none. */
  speech: Span | undefined;
  /** Rests within the speech. */
  silences: Span[];
}

/** Decodes a WAV file in the folder into bare samples, and measures where in it somebody speaks. */
export async function listen(
  files: { wav: string; pcm: string },
  { ffmpegPath, cwd, signal }: FfmpegPlace,
): Promise<Heard> {
  const lines: string[] = [];
  // The file may come from a provider: nothing but a WAV is read, whatever it says it is.
  const input = ['-protocol_whitelist', 'file', '-f', 'wav', '-i', `file:${files.wav}`];
  const output = ['-map_metadata', '-1', '-ac', '1', '-f', 's16le', '-y', `file:${files.pcm}`];
  await run(ffmpegPath, ['-nostdin', '-v', 'error', ...input, '-af', FILTERS, ...output], {
    cwd,
    signal,
    onLine: (line) => lines.push(line),
  });
  const { size } = await stat(join(cwd, files.pcm));
  return heardIn(lines, size / BYTES_PER_SECOND);
}

/** 0.1 s: shorter ones are inside of words, before a p or a t. Printed as metadata, which unlike the log is never cut short. */
const FILTERS = [
  'aformat=channel_layouts=mono',
  `aresample=${SAMPLE_RATE}`,
  'asetnsamples=n=480',
  'silencedetect=noise=-50dB:duration=0.1',
  'ametadata=mode=print:file=-',
].join(',');

/** Reads what silencedetect found. A silence that does not end lasts to the end. */
function heardIn(lines: string[], seconds: number): Heard {
  const silences: Span[] = [];
  for (const line of lines) {
    const [, edge, at] = /^lavfi\.silence_(start|end)=(\S+)$/.exec(line) ?? [];
    if (edge === 'start') silences.push({ start: Math.max(0, Number(at)), end: seconds });
    else if (edge === 'end' && silences.length > 0) silences.at(-1)!.end = Number(at);
  }
  const first = silences[0];
  const last = silences.at(-1);
  const start = first && first.start < 0.02 ? first.end : 0;
  const end = last && last.end >= seconds ? last.start : seconds;
  if (end - start < 0.05) return { speech: undefined, silences: [] };
  return {
    speech: { start, end },
    silences: silences.filter((silence) => silence.start > start && silence.end < end),
  };
}
