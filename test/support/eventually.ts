import { setTimeout as sleep } from 'node:timers/promises';

/** Asks until there is an answer; says what it waited for when it gives up. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | false>,
  { seconds = 30 } = {},
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  let last: unknown;
  while (Date.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      last = error;
    }
    await sleep(50);
  }
  throw new Error(`waited ${seconds} s for ${what}${last ? `: ${(last as Error).message}` : ''}`);
}
