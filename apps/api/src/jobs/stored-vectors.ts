import { type Artifact, Failure } from '@reverie/contracts';
import type { Store } from '@reverie/storage';

/** The vectors of a file as an embedder wrote it, one after the other; the file is never held as a whole. */
export async function* storedVectors(
  store: Store,
  { vectors, dimensions }: { vectors: Artifact; dimensions: number },
  count: number,
): AsyncGenerator<Float32Array, undefined> {
  const size = dimensions * 4;
  const stored = await store.head(vectors.key);
  const body = stored?.bytes === count * size ? await store.get(vectors.key) : undefined;
  if (!body) {
    const has = stored ? `has ${stored.bytes} bytes` : 'is not in the store';
    const wanted = `${count} vectors of ${dimensions} numbers are ${count * size}`;
    throw new Failure('artifact_missing', `${vectors.key} ${has}; ${wanted}. Retry the job from the stage embed`);
  }
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of body) {
    const bytes = Buffer.concat([rest, chunk as Buffer]);
    let at = 0;
    for (; at + size <= bytes.length; at += size) yield numbersIn(bytes.subarray(at, at + size));
    rest = bytes.subarray(at);
  }
}

/** 32-bit floats, little endian. */
const numbersIn = (bytes: Buffer): Float32Array =>
  Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(i * 4));
