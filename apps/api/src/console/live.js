import { keyWanted } from './circumstances.js';

/** While something is unfinished, and when nothing is. */
export const SOON_MS = 1_000;
export const LATER_MS = 10_000;

/**
 * Keeps something on the page in step with the API until stopped. It polls, while the tab is visible; a stream of
 * events would call `again` here and nothing else in the console would change.
 * @template T
 * @param {() => Promise<T>} read
 * @param {{ tell: (answer: T) => void, everyMs: (answer: T) => number, trouble?: (error: Error) => void }} to
 */
export function follow(read, { tell, everyMs, trouble }) {
  let stopped = false;
  let reading = false;
  let asked = false;
  let failures = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  async function again() {
    if (reading) asked = true;
    if (stopped || reading || document.hidden || keyWanted.get() !== undefined) return;
    clearTimeout(timer);
    reading = true;
    const nextMs = await read().then(
      (answer) => {
        failures = 0;
        if (stopped) return 0;
        tell(answer);
        return everyMs(answer);
      },
      (error) => {
        if (!stopped) trouble?.(error);
        return Math.min(SOON_MS * 2 ** failures++, LATER_MS);
      },
    );
    reading = false;
    if (stopped) return;
    timer = setTimeout(again, asked ? 0 : nextMs);
    asked = false;
  }

  document.addEventListener('visibilitychange', again);
  const forget = keyWanted.subscribe((why) => void (why === undefined && again()));
  return {
    again,
    stop() {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', again);
      forget();
    },
  };
}
