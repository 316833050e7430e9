/** What is remembered of a pod between runs. */
export interface Breaker {
  /** In a row. */
  failures: number;
  /** Until then nothing is asked of it, in ms. */
  openUntil: number;
}

const FAILURES_THAT_OPEN = 5;

export const CLOSED: Breaker = { failures: 0, openUntil: 0 };

/** Whether a pod is to be left alone. */
export const isOpen = ({ openUntil }: Breaker, now: number): boolean => now < openUntil;

export const afterFailure = ({ failures }: Breaker, now: number, openMs: number): Breaker =>
  opened(failures + 1, now + openMs);

/** When its time is over one may try; the others wait for what comes of it. */
export const whenTried = ({ failures }: Breaker, now: number, openMs: number): Breaker =>
  opened(failures, now + openMs);

const opened = (failures: number, until: number): Breaker => ({
  failures,
  openUntil: failures < FAILURES_THAT_OPEN ? 0 : until,
});
