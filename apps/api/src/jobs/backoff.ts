const CAP_MS = 300_000;

/** Exponential with full jitter: many that failed together do not come back together. */
export const backoffMs = (tries: number, baseSeconds: number, random = Math.random): number =>
  Math.round(random() * Math.min(CAP_MS, baseSeconds * 1000 * 2 ** tries));
