import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Artifact, Failure } from '@reverie/contracts';
import type { Store } from '@reverie/storage';
import type { FileCache } from './file-cache.ts';

/** The folder of one attempt. Files in it have names we chose, are written once, and are never changed in place. */
export interface Workplace extends AsyncDisposable {
  path: string;
  /** Brings a stored file here under `name`; whole, or not at all. */
  fetchTo(artifact: Artifact, name: string, signal: AbortSignal, onBytes?: OnBytes): Promise<void>;
  /** Stores a file that was made here, and takes it out of the folder: its name is free again. */
  keep(
    name: string,
    to: { key: string; contentType: string },
    signal: AbortSignal,
    onBytes?: OnBytes,
  ): Promise<Artifact>;
}

/** How many bytes have moved so far: gigabytes take minutes, and the watchdog wants to hear of them. */
export type OnBytes = (bytes: number) => void;

export const workplace = (path: string, { store, cache }: { store: Store; cache: FileCache }): Workplace => ({
  path,

  async fetchTo(artifact, name, signal, onBytes = () => {}) {
    const file = join(path, name);
    await rm(file, { force: true });
    if (await cache.giveTo(file, artifact)) return;
    const body = await store.get(artifact.key, { signal });
    if (!body) throw new Failure('artifact_missing', `${artifact.key} is not in the store`);
    await pipeline(counted(body, onBytes), createWriteStream(file), { signal }).catch(roomFor(name));
    const { size } = await stat(file);
    if (size !== artifact.bytes) {
      const told = `${artifact.key} came with ${size} bytes instead of ${artifact.bytes}`;
      throw new Failure('artifact_missing', told);
    }
    await cache.take(file, artifact);
  },

  async keep(name, { key, contentType }, signal, onBytes = () => {}) {
    const file = join(path, name);
    const body = Readable.from(counted(createReadStream(file), onBytes));
    const artifact = await store.put(key, body, { contentType, signal });
    if (!artifact) throw new Failure('storage_unavailable', `${key} was not stored`);
    await cache.take(file, artifact);
    // The cache has the same file by another name. Written to once more, it would change there too.
    await rm(file);
    return artifact;
  },

  [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }),
});

async function* counted(body: AsyncIterable<Uint8Array>, onBytes: OnBytes) {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    onBytes(bytes);
    yield chunk;
  }
}

/** For `.catch` of a write. */
export const roomFor = (name: string) => (error: NodeJS.ErrnoException) => {
  if (error.code !== 'ENOSPC' && error.code !== 'EDQUOT') throw error;
  throw new Failure('disk_full', `no room left on the disk for ${name}`, { cause: error });
};
