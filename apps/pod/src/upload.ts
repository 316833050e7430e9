import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import type { PodRun } from '@reverie/contracts';
import { inLanes } from '@reverie/media';
import { contentTypeOf } from '@reverie/storage';
import type { Bench, Run } from './bench.ts';
import { keyBelow } from './manifest.ts';
import { OUT } from './video/rendition.ts';

/** Most segments are small, and what takes long is to be answered. */
const AT_ONCE = 6;

/** Stores what was made, a few files at a time; says what is where. */
export async function upload(names: readonly string[], wish: PodRun, { outputs }: Bench, run: Run) {
  const { dir, signal, progress } = run;
  let done = 0;
  return inLanes(names, { atOnce: AT_ONCE, signal }, async (name, _i, signal) => {
    const body = createReadStream(join(dir, OUT, name));
    const stored = await outputs.put(keyBelow(wish, name), body, { contentType: contentTypeOf(name), signal });
    progress(90 + (9 * ++done) / names.length, 'upload');
    return { key: keyBelow(wish, name), bytes: stored!.bytes };
  });
}
