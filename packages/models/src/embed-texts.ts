import { Failure } from '@reverie/contracts';
import type { Ask } from './openai.ts';
import { embedPrice } from './prices.ts';

export interface Embedded {
  /** Each of length 1, so that a product of two is their likeness. */
  vectors: Float32Array[];
  model: string;
  provider: string;
  cost: number;
}

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
  const inOrder = [...(answer.data ?? [])].sort((a, b) => a.index - b.index);
  const vectors = inOrder.map(({ embedding }) => unit(embedding));
  const wanted = dimensions ?? vectors[0]?.length ?? 0;
  if (vectors.length !== texts.length || wanted === 0 || vectors.some(({ length }) => length !== wanted)) {
    throw new Failure(
      'provider_nonsense',
      `"${model}" did not answer with one vector of ${wanted} numbers for each text`,
    );
  }
  const tokens = { in: answer.usage?.prompt_tokens ?? 0, out: 0 };
  return { vectors, model, provider: embedPrice.provider(model), cost: embedPrice.cost(model, tokens) };
}

function unit(numbers: readonly number[]): Float32Array {
  const length = Math.hypot(...numbers) || 1;
  return Float32Array.from(numbers, (n) => n / length);
}
