import type { Fleet } from '@reverie/contracts';
import { asc, eq, gt, sql } from 'drizzle-orm';
import type { Sql } from '../open.ts';
import { workers } from '../schema/workers.ts';

export type Worker = typeof workers.$inferSelect;

export async function seeWorker(
  db: Sql,
  id: string,
  fleets: { fleet: Fleet; slots: number; busy: number }[],
): Promise<void> {
  if (fleets.length === 0) return;
  await db
    .insert(workers)
    .values(fleets.map((fleet) => ({ id, ...fleet })))
    .onConflictDoUpdate({
      target: [workers.id, workers.fleet],
      set: { slots: sql`excluded.slots`, busy: sql`excluded.busy`, seenAt: sql`now()` },
    });
}

export async function forgetWorker(sql: Sql, id: string): Promise<void> {
  await sql.delete(workers).where(eq(workers.id, id));
}

/** A worker gives a sign every 15 s; one that has been silent for 45 s is not counted on. */
export const liveWorkers = (db: Sql): Promise<Worker[]> =>
  db
    .select()
    .from(workers)
    .where(gt(workers.seenAt, sql`now() - interval '45 seconds'`))
    .orderBy(asc(workers.id), asc(workers.fleet));
