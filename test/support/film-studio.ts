import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Artifact } from '@reverie/contracts';
import { run } from '@reverie/media';
import { linkSigner, openStore } from '@reverie/storage';
import { afterAll, expect } from 'vitest';
import { filmTools } from '../../apps/worker/src/tools/film-tools.ts';
import { openScratch } from '../../apps/worker/src/tools/scratch.ts';
import { ffmpegForTests } from './ffmpeg.ts';

const signal = new AbortController().signal;

/** The film tools in a workplace and with a store of their own, for one file of tests, and an ffmpeg to look closely. */
export async function filmStudio() {
  const { ffmpegPath, ffprobePath } = await ffmpegForTests();
  const root = await mkdtemp(join(tmpdir(), 'film-'));
  afterAll(() => rm(root, { recursive: true, force: true }));
  const links = linkSigner({ secret: 's', baseUrl: 'http://x' } as never);
  const store = openStore({ kind: 'fs', dir: join(root, 'store'), links });
  const scratch = await openScratch({ dir: join(root, 'scratch'), store });
  const place = await scratch.open('task', 1);
  const tools = filmTools({ ffmpegPath, ffprobePath, place, store });
  let clips = 0;
  return {
    ffmpegPath,
    ffprobePath,
    root,
    store,
    place,
    tools,
    signal,
    /** ffmpeg for the test itself: what it says. */
    look: async (...args: string[]) =>
      (await run(ffmpegPath, ['-hide_banner', '-nostdin', '-y', ...args], { cwd: root, signal })).log,
    /** Puts a file of the root folder into the store. */
    put: async (file: string, contentType: string) =>
      (await store.put(file, createReadStream(join(root, file)), { contentType }))!,
    stored: (artifact: Artifact) => join(root, 'store', artifact.key),
    /** A picture as the product makes it offline: it moves for six seconds. */
    async clip(prompt: string, seed: number): Promise<Artifact> {
      const name = clips++;
      const key = (extension: string) => `${name}.${extension}`;
      const made = await tools.imagine.picture({ prompt, seed, aspect: '1:1' }, { key }, signal);
      expect(made).toMatchObject({ provider: 'offline', cost: 0, picture: { contentType: 'video/mp4' } });
      return made.picture;
    },
  };
}
