import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { Artifact } from '@reverie/contracts';
import { run } from '@reverie/media';
import { linkSigner, openStore } from '@reverie/storage';
import { afterAll } from 'vitest';
import { openScratch } from '../../apps/worker/src/tools/scratch.ts';
import { ffmpegForTests } from './ffmpeg.ts';

const signal = new AbortController().signal;

/** A store and a workplace for tools that look at stored files and store others. */
export async function seeingRoom() {
  const dir = await mkdtemp(join(tmpdir(), 'seeing-'));
  afterAll(() => rm(dir, { recursive: true, force: true }));
  const links = linkSigner({ secret: 'x'.repeat(32), baseUrl: 'http://localhost' });
  const store = openStore({ kind: 'fs', dir: join(dir, 'store'), links });
  const place = await (await openScratch({ dir: join(dir, 'scratch'), store, freeBytes: 0 })).open('task', 1);
  const put = async (key: string, bytes: Buffer, contentType: string): Promise<Artifact> =>
    (await store.put(key, Readable.from([bytes]), { contentType }))!;
  return {
    place,
    put,
    read: async ({ key }: Artifact) => buffer((await store.get(key))!),
    /** A stored JPEG that is of one colour. */
    async frame(colour: string): Promise<Artifact> {
      const { ffmpegPath } = await ffmpegForTests();
      const from = [
        '-f',
        'lavfi',
        '-i',
        `color=${colour}:size=64x36`,
        '-frames:v',
        '1',
        '-f',
        'mjpeg',
        `${colour}.jpg`,
      ];
      await run(ffmpegPath, ['-v', 'error', '-y', ...from], { cwd: place.path, signal });
      return place.keep(`${colour}.jpg`, { key: `frames/${colour}.jpg`, contentType: 'image/jpeg' }, signal);
    },
  };
}
