import { keyWanted } from './circumstances.js';
import { hearing } from './stream.js';

/** While something is unfinished, and when nothing is. */
export const SOON_MS = 1_000;
export const LATER_MS = 10_000;

/** What happens at once is read together. */
const GATHER_MS = 250;
/** A job of thousands of parts takes a while to be read, and to be told: no more than a fifth of the time goes into that. */
const REST = 4;

/**
 * Keeps something on the page in step with the API until stopped, while the tab is visible. It polls; where an answer has a
 * stream that says when there is something new, it listens to that and polls seldom.
 * @template T
 * @param {() => Promise<T>} read
 * @param {{ tell: (answer: T) => void, everyMs: (answer: T) => number, trouble?: (error: Error) => void, streamOf?: (answer: T) => string | undefined }} to
 */
export function follow(read, { tell, everyMs, trouble, streamOf }) {
  let stopped = false;
  let reading = false;
  let asked = false;
  let failures = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let soon;
  let readAt = 0;
  let tookMs = 0;
  const stream = hearing((what) => {
    // Twice a second is more than anybody wants to see; whatever else happens is news.
    if (what === 'progress' && Date.now() - readAt < SOON_MS) return;
    soon ??= setTimeout(
      () => {
        soon = undefined;
        again();
      },
      Math.max(GATHER_MS, REST * tookMs),
    );
  });

  async function again() {
    if (reading) asked = true;
    if (document.hidden) stream.close();
    if (stopped || reading || document.hidden || keyWanted.get() !== undefined) return;
    clearTimeout(timer);
    reading = true;
    readAt = Date.now();
    const nextMs = await read().then(
      (answer) => {
        failures = 0;
        if (stopped) return 0;
        tell(answer);
        tookMs = Date.now() - readAt;
        stream.to(streamOf?.(answer));
        return stream.isOpen ? LATER_MS : everyMs(answer);
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
      clearTimeout(soon);
      stream.close();
      document.removeEventListener('visibilitychange', again);
      forget();
    },
  };
}
