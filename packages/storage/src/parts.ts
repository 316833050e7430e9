import type { Part } from './store.ts';

/** Refuses to make a file of parts while one of them is not there. */
export function checkComplete(key: string, there: readonly Part[], count: number): void {
  const numbers = new Set(there.map(({ number }) => number));
  const missing = Array.from({ length: count }, (_, n) => n + 1).filter((number) => !numbers.has(number));
  if (missing.length > 0) throw new Error(`cannot complete ${key}: it lacks part ${missing.join(', ')}`);
}
