import { embedTexts, openAi, type Providers } from '@reverie/models';

/** People ask the same again while they look through what they have found. */
const KEPT = 200;
/** Nobody waits longer for a search. */
const PATIENCE_MS = 5_000;
/** A provider that has just failed is left alone for a while: searches by words go on at once. */
const REST_MS = 10_000;

export interface QueryVectors {
  model: string;
  /** Throws when the provider does not answer as it should. */
  of(text: string): Promise<Float32Array>;
}

/** Turns what is searched for into vectors; undefined where nobody can. */
export function queryVectors(provider: Providers['embed']): QueryVectors | undefined {
  if (!provider) return undefined;
  const ask = openAi(provider);
  const kept = new Map<string, Float32Array>();
  let restUntil = 0;
  return {
    model: provider.model,
    async of(text) {
      const before = kept.get(text);
      if (before) return remember(text, before);
      if (Date.now() < restUntil) throw new Error('the provider has failed a moment ago');
      try {
        const { vectors } = await embedTexts(ask, provider, [text], AbortSignal.timeout(PATIENCE_MS));
        return remember(text, vectors[0]!);
      } catch (error) {
        restUntil = Date.now() + REST_MS;
        throw error;
      }
    },
  };

  /** A map keeps the order in which things came: the first has not been asked for longest. */
  function remember(text: string, vector: Float32Array): Float32Array {
    kept.delete(text);
    kept.set(text, vector);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
    return vector;
  }
}
