import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Span } from '@reverie/contracts';

/** A pause between two sentences is longer than this, and quieter than anybody who speaks. */
export const findRests = (file: string): string =>
  `silencedetect=noise=-35dB:duration=0.3,ametadata=mode=print:file=${file}`;

/** Reads what silencedetect found. A silence that does not end lasts to the end. */
export async function readRests(path: string, duration: number): Promise<Span[]> {
  const rests: Span[] = [];
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const [, edge, at] = /^lavfi\.silence_(start|end)=(\S+)$/.exec(line) ?? [];
    if (edge === 'start') rests.push({ start: Math.max(0, Number(at)), end: duration });
    else if (edge === 'end' && rests.length > 0) rests.at(-1)!.end = Math.min(duration, Number(at));
  }
  return rests.filter(({ start, end }) => end > start);
}
