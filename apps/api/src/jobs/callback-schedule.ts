import { PING } from '@reverie/contracts';
import type { Outcome } from '@reverie/db';

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/**
 * What passes between a try and the next: eleven tries over four days. Every delivery leans up to a tenth to one side,
 * so that what failed together does not come back together; the signs make one wait give back what another took, and
 * the whole stays within three minutes of 99 h 35 min.
 */
const WAITS: readonly (readonly [seconds: number, lean: 1 | -1])[] = [
  [5, 1],
  [5 * MINUTE, 1],
  [30 * MINUTE, 1],
  [2 * HOUR, -1],
  [5 * HOUR, 1],
  [10 * HOUR, -1],
  [14 * HOUR, -1],
  [20 * HOUR, 1],
  [24 * HOUR, -1],
  [24 * HOUR, 1],
];
export const TRIES = WAITS.length + 1;
const JITTER = 0.1;
/** A receiver may ask for this much patience and no more. */
const MOST_PATIENCE = 24 * HOUR;

/** After so many tries of this delivery: seconds until the next. Undefined: that was the last. */
export function waitSeconds(id: string, tries: number): number | undefined {
  const [seconds, lean] = WAITS[tries - 1] ?? [];
  if (seconds === undefined || lean === undefined) return undefined;
  const leaning = (Number.parseInt(id.slice(0, 8), 16) / 0xff_ff_ff_ff) * 2 - 1; // the id is random
  return seconds * (1 + JITTER * leaning * lean);
}

/** What came of a try; no status: there was no answer. */
export interface Said {
  httpStatus: number | null;
  error: string | null;
  ms: number;
  retryAfterSeconds?: number | undefined;
}

/** What follows from it. A ping is for looking at its answer now: it is not tried again. */
export function outcomeOf(delivery: { id: string; type: string; tries: number }, said: Said): Outcome {
  const { httpStatus, error, retryAfterSeconds } = said;
  if (httpStatus !== null && httpStatus >= 200 && httpStatus < 300 && error === null) return { next: 'delivered' };
  const wait = delivery.type === PING || httpStatus === 410 ? undefined : waitSeconds(delivery.id, delivery.tries + 1);
  if (wait === undefined) return { next: 'give up' };
  const asked = httpStatus === 429 || httpStatus === 503 ? Math.min(retryAfterSeconds ?? 0, MOST_PATIENCE) : 0;
  return { next: 'again', afterSeconds: Math.max(wait, asked) };
}

/** `Retry-After`: seconds, or a date, which is read by the clock that wrote it. */
export function retryAfterSeconds(header: unknown, date: unknown): number | undefined {
  if (typeof header !== 'string') return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header);
  const from = Date.parse(String(date));
  const ms = Date.parse(header) - (Number.isNaN(from) ? Date.now() : from);
  return Number.isNaN(ms) ? undefined : Math.max(0, ms / 1000);
}
