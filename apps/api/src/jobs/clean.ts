import { freeIdempotencyKeys } from '@reverie/db';
import type { Life } from './life.ts';

const EVERY_MS = 3_600_000;
let last = 0;

/** What is only kept for a while; once an hour is often enough for all of it. */
export async function clean({ db }: Life): Promise<void> {
  if (Date.now() - last < EVERY_MS) return;
  last = Date.now();
  await freeIdempotencyKeys(db);
}
