import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ffprobe, run } from '@reverie/media';
import type { Speech } from '@reverie/pipelines';
import { linkSigner, openStore } from '@reverie/storage';
import { afterAll, beforeEach, expect } from 'vitest';
import { openScratch } from '../../apps/worker/src/tools/scratch.ts';
import { wordTools } from '../../apps/worker/src/tools/word-tools.ts';
import type { Workplace } from '../../apps/worker/src/tools/workplace.ts';
import { ffmpegForTests } from './ffmpeg.ts';
import { bare } from './sample-dream.ts';

const signal = new AbortController().signal;

/** What is read aloud where nothing else is said. */
export const TEXTS = [
  'I was walking through a field of silver grass, and the moon was so close that I could hear it breathing.',
  'My grandmother stood at the edge of the water with a lantern.',
  'She told me that the boat would only carry what I was willing to forget.',
];

type Narration = Awaited<ReturnType<Speech['narrate']>>;

/** A store for one file of tests, a fresh workplace for each test, and somebody who listens closely. */
export async function speechBooth() {
  const { ffmpegPath, ffprobePath } = await ffmpegForTests();
  const dir = await mkdtemp(join(tmpdir(), 'speech-'));
  afterAll(() => rm(dir, { recursive: true }));
  const links = linkSigner({ secret: 'x'.repeat(32), baseUrl: 'http://localhost' });
  const store = openStore({ kind: 'fs', dir: join(dir, 'store'), links });

  let place: Workplace;
  let attempts = 0;
  beforeEach(async () => {
    place = await (await openScratch({ dir: join(dir, 'scratch'), store, freeBytes: 0 })).open('task', ++attempts);
  });
  const ffmpeg = (...args: string[]) =>
    run(ffmpegPath, ['-nostdin', '-hide_banner', ...args], { cwd: place.path, signal });

  let narrations = 0;
  return {
    ffmpegPath,
    signal,
    store,
    ffmpeg,
    /** Where this test's files are. */
    path: () => place.path,
    speech: (more: Partial<Parameters<typeof wordTools>[0]> = {}): Speech =>
      wordTools({ ffmpegPath, place, ...more }).speech,

    /** Narrates, holds what every narration promises, and gives the file back for a closer look. */
    async narrate(speech: Speech, texts = TEXTS): Promise<Narration & { file: string }> {
      const told = await speech.narrate(texts, { key: `jobs/narration-${++narrations}.wav` }, signal);
      const file = `heard-${narrations}.wav`;
      await place.fetchTo(told.audio, file, signal);

      const { streams, format } = await ffprobe(file, { ffprobePath, cwd: place.path, signal });
      expect(streams[0]).toMatchObject({ codec_name: 'pcm_s16le', sample_rate: 48_000, channels: 2 });
      expect(Math.abs(format.duration! - told.duration)).toBeLessThan(0.1);

      expect(told.scenes.map(({ text }) => text)).toEqual(texts);
      expect(told.scenes[0]!.start).toBe(0);
      expect(told.scenes.at(-1)!.end).toBe(told.duration);
      expect(told.scenes.slice(1).map(({ start }) => start)).toEqual(told.scenes.slice(0, -1).map(({ end }) => end));
      for (const { start, end, words, text } of told.scenes) {
        expect(end - start).toBeGreaterThanOrEqual(2.499);
        const times = [start, ...words.flatMap((word) => [word.start, word.end]), end];
        expect(times).toEqual(times.toSorted((a, b) => a - b));
        expect(bare(words.map((word) => word.text).join(''))).toBe(bare(text));
      }
      return { ...told, file };
    },

    async levels(file: string): Promise<{ mean: number; max: number }> {
      const { log } = await ffmpeg('-i', file, '-af', 'volumedetect', '-f', 'null', '-');
      const read = (what: string) => Number(new RegExp(`${what}_volume: (\\S+) dB`).exec(log)?.[1]);
      return { mean: read('mean'), max: read('max') };
    },
  };
}
