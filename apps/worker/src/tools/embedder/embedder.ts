import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { ABILITIES, Failure } from '@reverie/contracts';
import { inLanes } from '@reverie/media';
import { embedTexts, openAi, type Provider } from '@reverie/models';
import type { Embedder } from '@reverie/pipelines';
import type { Workplace } from '../workplace.ts';
import { type Batch, inBatches } from './text-batches.ts';

const AT_ONCE = 3;
const FILE = 'vectors.f32';

/** Vectors by any server that speaks OpenAI's embeddings. They go to the file as they come: each batch has its place in it. */
export function openEmbedder(
  provider: (Provider & { dimensions: number | undefined }) | undefined,
  place: Workplace,
): Embedder {
  if (!provider) return { embed: async () => Promise.reject(notConfigured()) };
  const ask = openAi(provider);
  const { model } = provider;
  return {
    async embed(texts, { key }, { signal, progress }) {
      const [first, ...others] = inBatches(texts);
      if (!first) throw new Failure('input_invalid', 'there is no text to make a vector of');
      const file = await open(join(place.path, FILE), 'w');
      try {
        let done = 0;
        const write = async (batch: Batch, signal: AbortSignal, expected?: number) => {
          const { vectors, cost, provider: by } = await embedTexts(ask, provider, batch.texts, signal);
          const dimensions = vectors[0]!.length;
          if (expected !== undefined && dimensions !== expected) {
            throw new Failure(
              'provider_nonsense',
              `"${model}" sent vectors of ${expected} and of ${dimensions} numbers`,
            );
          }
          await writeAt(file, vectors, batch.index * dimensions);
          done += batch.texts.length;
          progress((100 * done) / texts.length);
          return { cost, by, dimensions };
        };
        // The first tells how long they are, and with that where the others belong.
        const { by, cost, dimensions } = await write(first, signal);
        const rest = await inLanes(others, { atOnce: AT_ONCE, signal }, (batch, _index, signal) =>
          write(batch, signal, dimensions),
        );
        await file.close();
        const to = { key, contentType: 'application/octet-stream' };
        return {
          vectors: await place.keep(FILE, to, signal),
          ...{ model, dimensions, provider: by },
          cost: rest.reduce((sum, part) => sum + part.cost, cost),
        };
      } finally {
        await file.close();
      }
    },
  };
}

const notConfigured = () => new Failure('not_configured', `this worker has nobody to make vectors: ${ABILITIES.embed}`);

/** 32-bit floats, little endian, beginning at the `position`-th number of the file. */
async function writeAt(file: FileHandle, vectors: Float32Array[], position: number): Promise<void> {
  const numbers = vectors.flatMap((vector) => [...vector]);
  const bytes = Buffer.alloc(numbers.length * 4);
  for (const [i, number] of numbers.entries()) bytes.writeFloatLE(number, i * 4);
  await file.write(bytes, 0, bytes.length, position * 4);
}
