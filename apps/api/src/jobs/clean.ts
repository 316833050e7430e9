import { forgetDelivered, freeIdempotencyKeys } from '@reverie/db';
import { cleanup } from '../admin/cleanup.ts';
import { sweep } from '../admin/sweep.ts';
import type { Life } from './life.ts';
import { sweepUploads } from './remove-upload.ts';

const EVERY_MS = 3_600_000;
let last = 0;

/** Callbacks that arrived are kept so long; the log of one is of no use after it. */
const DELIVERED_DAYS = 30;
const DELIVERED_BATCH = 5_000;

/** What is only kept for a while; once an hour is often enough for all of it. */
export async function clean(
  life: Life,
  { retentionDays, signal }: { retentionDays: number; signal: AbortSignal },
): Promise<void> {
  if (Date.now() - last < EVERY_MS) return;
  last = Date.now();
  await freeIdempotencyKeys(life.db);
  const delivered = await forgetDelivered(life.db, DELIVERED_DAYS, DELIVERED_BATCH);
  const old = { maxAgeHours: retentionDays * 24, deep: false, dryRun: false, owner: 'RETENTION_DAYS' };
  const { more } = retentionDays > 0 ? await cleanup(life, old, signal) : { more: false };
  await sweepUploads(life, signal);
  await sweep(life, signal); // also what an interrupted cleanup left over
  if (more || delivered === DELIVERED_BATCH) last = 0;
}
