import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Segment } from '@reverie/contracts';
import { run } from '@reverie/media';
import { ffmpegForTests } from './ffmpeg.ts';
import { probe } from './probe.ts';

/** Where the machine has it, recordings really speak. */
export const espeak = (process.env.PATH ?? '')
  .split(delimiter)
  .map((dir) => join(dir, 'espeak-ng'))
  .find(existsSync);

interface Said {
  text: string;
  /** Seconds of silence before it. */
  pause: number;
}

const signal = new AbortController().signal;

/**
 * Writes a recording in which is said what is known, and when: by espeak-ng, or, where that is missing, as a murmur of the
 * same length. `.wav`, 22,050 Hz, mono; a second of silence ends it.
 */
export async function knownSpeech(
  file: string,
  said: readonly Said[],
): Promise<{ segments: Segment[]; seconds: number }> {
  const { ffmpegPath } = await ffmpegForTests();
  const ffmpeg = (...args: string[]) =>
    run(ffmpegPath, ['-hide_banner', '-nostdin', '-v', 'error', '-y', ...args], { cwd: process.cwd(), signal });
  const segments: Segment[] = [];
  const parts = said.map((_, i) => `${file}.${i}.wav`);
  let at = 0;
  for (const [i, { text, pause }] of said.entries()) {
    const part = parts[i]!;
    if (espeak) {
      await run(espeak, ['-v', 'en', '-s', '150', '-w', `${part}.raw.wav`, text], { cwd: process.cwd(), signal });
      // Bare of the silence that espeak-ng puts around it, or nobody would know when it begins and ends.
      const trim = 'silenceremove=start_periods=1:start_threshold=-45dB';
      await ffmpeg('-i', `${part}.raw.wav`, '-af', `${trim},areverse,${trim},areverse`, part);
      await rm(`${part}.raw.wav`);
    } else {
      const murmur = '0.4*sin(2*PI*180*t)*(0.6+0.4*sin(2*PI*4*t))+0.1*sin(2*PI*1300*t)';
      await ffmpeg('-f', 'lavfi', '-i', `aevalsrc=${murmur}:s=22050:d=${Math.max(0.6, text.length / 15)}`, part);
    }
    const start = at + pause;
    at = start + Number((await probe(part)).format.duration);
    segments.push({ text, start, end: at });
  }
  const inputs = parts.flatMap((part) => ['-i', part]);
  const delayed = said.map(({ pause }, i) => `[${i}]adelay=${Math.round(pause * 22_050)}S[${i}d]`);
  const joined = `${said.map((_, i) => `[${i}d]`).join('')}concat=n=${said.length}:v=0:a=1,apad=pad_dur=1`;
  await ffmpeg(...inputs, '-filter_complex', [...delayed, joined].join(';'), file);
  await Promise.all(parts.map((part) => rm(part)));
  return { segments, seconds: at + 1 };
}
