import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Artifact, Span } from '@reverie/contracts';
import { ffprobe, run } from '@reverie/media';
import type { Running, SoundWish } from '@reverie/pipelines';
import { linkSigner, openStore } from '@reverie/storage';
import { afterAll } from 'vitest';
import { openScratch } from '../../apps/worker/src/tools/scratch.ts';
import type { SoundPlace } from '../../apps/worker/src/tools/sound/sound.ts';
import { ffmpegForTests } from './ffmpeg.ts';

const signal = new AbortController().signal;

/** Nothing is changed. */
export const AS_IT_IS: SoundWish = {
  removeNoise: false,
  mono: false,
  highPass: false,
  sampleRate16k: false,
  isolateVocals: false,
};

/** A store and a workplace for one file of tests about sound, and instruments to measure with. */
export async function soundBooth() {
  const { ffmpegPath, ffprobePath } = await ffmpegForTests();
  const root = await mkdtemp(join(tmpdir(), 'sound-'));
  afterAll(() => rm(root, { recursive: true, force: true }));
  const links = linkSigner({ secret: 'x'.repeat(32), baseUrl: 'http://localhost' });
  const store = openStore({ kind: 'fs', dir: join(root, 'store'), links });
  const place = await (await openScratch({ dir: join(root, 'scratch'), store, freeBytes: 0 })).open('task', 1);
  const here: SoundPlace = { ffmpegPath, ffprobePath, place };
  const ffmpeg = async (...args: string[]) =>
    (await run(ffmpegPath, ['-hide_banner', '-nostdin', '-y', ...args], { cwd: root, signal })).log;
  const stored = ({ key }: Artifact) => join(root, 'store', key);

  return {
    root,
    store,
    here,
    ffmpeg,
    /** Where a stored file is. */
    stored,
    /** A running stage, and what progress it told. */
    running: (told: number[] = []): Running => ({ signal, progress: (percent) => told.push(percent) }),

    /** Makes a file in the root folder and stores it. */
    async media(name: string, ...args: string[]): Promise<Artifact> {
      await ffmpeg(...args, join(root, name));
      const body = createReadStream(join(root, name));
      return (await store.put(name, body, { contentType: 'application/octet-stream' }))!;
    },

    facts: async (artifact: Artifact) => {
      const { format, streams } = await ffprobe(artifact.key, { ffprobePath, cwd: join(root, 'store'), signal });
      return { codec: streams[0]?.codec_name, ...streams[0], duration: format.duration };
    },

    /** The mean level of a stretch in dB, behind further filters if wished. */
    async level(file: string, { start, end }: Span, filters = 'anull'): Promise<number> {
      const log = await ffmpeg('-i', file, '-af', `${filters},atrim=${start}:${end},volumedetect`, '-f', 'null', '-');
      return Number(/mean_volume: (\S+) dB/.exec(log)?.[1]);
    },
    async peak(file: string): Promise<number> {
      const log = await ffmpeg('-i', file, '-af', 'volumedetect', '-f', 'null', '-');
      return Number(/max_volume: (\S+) dB/.exec(log)?.[1]);
    },
  };
}
