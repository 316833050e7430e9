/** Does the same with every item, a few at a time, and answers in order. The first that fails stops the others. */
export async function inLanes<T, R>(
  items: readonly T[],
  how: { atOnce: number; signal: AbortSignal },
  work: (item: T, index: number, signal: AbortSignal) => Promise<R>,
): Promise<R[]> {
  const failed = new AbortController();
  const signal = AbortSignal.any([how.signal, failed.signal]);
  const results = new Array<R>(items.length);
  const left = items.entries();
  const lane = async () => {
    for (const [index, item] of left) {
      signal.throwIfAborted();
      results[index] = await work(item, index, signal);
    }
  };
  // Waits for all of them: nothing may still be writing files when this has failed.
  const lanes = Array.from({ length: how.atOnce }, () => lane().catch((why: unknown) => failed.abort(why)));
  await Promise.all(lanes);
  signal.throwIfAborted();
  return results;
}
