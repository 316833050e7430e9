import { Failure } from '@reverie/contracts';
import { z } from 'zod';
import type { Ask } from './openai.ts';
import { embedPrice } from './prices.ts';

export interface Embedded {
  /** Each of length 1, so that a product of two is their likeness. */
  vectors: Float32Array[];
  model: string;
  provider: string;
  cost: number;
}

/** Not every server numbers its vectors; those that do may send them in any order. */
const Vectors = z.array(z.object({ index: z.int().optional(), embedding: z.array(z.number()).min(1) }));

/** One request: at most 2,048 texts by OpenAI's rules; callers send fewer. */
export async function embedTexts(
  ask: Ask,
  { model, dimensions }: { model: string; dimensions: number | undefined },
  texts: readonly string[],
  signal: AbortSignal,
): Promise<Embedded> {
  const answer = await ask({ model, seconds: 110 }, signal, (client, signal) =>
    client.embeddings.create(
      { model, input: [...texts], encoding_format: 'float', ...(dimensions !== undefined && { dimensions }) },
      { signal },
    ),
  );
  const read = Vectors.safeParse(answer.data);
  const inOrder = (read.data ?? []).sort((a, b) => (a.index ?? 0) - (b.index ?? 0));
  const wanted = dimensions ?? inOrder[0]?.embedding.length ?? 0;
  if (inOrder.length !== texts.length || inOrder.some(({ embedding }) => embedding.length !== wanted)) {
    throw new Failure(
      'provider_nonsense',
      `"${model}" did not answer with one vector of ${wanted || 'some'} numbers for each text`,
    );
  }
  const tokens = { in: answer.usage?.prompt_tokens ?? 0, out: 0 };
  return {
    vectors: inOrder.map(({ embedding }) => unit(embedding)),
    model,
    provider: embedPrice.provider(model),
    cost: embedPrice.cost(model, tokens),
  };
}

/** A vector of zeros stays one: it is like nothing. */
function unit(numbers: readonly number[]): Float32Array {
  const length = Math.hypot(...numbers) || 1;
  return Float32Array.from(numbers, (n) => n / length);
}
