import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Failure } from '@reverie/contracts';
import type { Files } from '@reverie/pipelines';
import { contentTypeOf, type Store } from '@reverie/storage';

const CHUNK = 65_536;

/** Stored files, moved and looked at without a copy on this machine's disk. */
export const storeFiles = (store: Store): Files => ({
  copy: (from, key) => store.copy(from.key, key),

  async fill(key, bytes, signal) {
    const artifact = await store.put(key, Readable.from(filler(bytes)), {
      contentType: 'application/octet-stream',
      signal,
    });
    if (!artifact) throw new Failure('storage_unavailable', `${key} was not stored`);
    return artifact;
  },

  async write(key, text, signal) {
    const artifact = await store.put(key, Readable.from([Buffer.from(text)]), {
      contentType: contentTypeOf(key),
      signal,
    });
    if (!artifact) throw new Failure('storage_unavailable', `${key} was not stored`);
    return artifact;
  },

  async digest(file, signal) {
    const body = await store.get(file.key, { signal });
    if (!body) throw new Failure('artifact_missing', `${file.key} is not in the store`);
    const hash = createHash('sha256');
    await pipeline(body, hash, { signal });
    return { sha256: hash.digest('hex') };
  },
});

function* filler(bytes: number): Generator<Buffer> {
  for (let left = bytes; left > 0; left -= CHUNK) yield Buffer.alloc(Math.min(left, CHUNK), left % 251);
}
