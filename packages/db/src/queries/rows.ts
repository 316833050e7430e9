import { and, eq, notInArray, sql } from 'drizzle-orm';
import type { Sql } from '../open.ts';
import { jobs } from '../schema/jobs.ts';
import type { Job, NewJob } from './jobs.ts';

/** The next job that somebody wrote as a row, held until the transaction ends; what another process is at is passed over. */
export async function holdRow(db: Sql, but: readonly string[]): Promise<Job | undefined> {
  const [row] = await db
    .select()
    .from(jobs)
    .where(and(sql`not ${jobs.admitted} and ${jobs.status} = 'queued'`, notInArray(jobs.id, [...but])))
    .orderBy(jobs.createdAt, jobs.id)
    .limit(1)
    .for('update', { skipLocked: true });
  return row;
}

/** It has come in by the door now, with what the door adds. */
export async function admitRow(db: Sql, id: string, change: Partial<NewJob>): Promise<Job> {
  const [row] = await db
    .update(jobs)
    .set({ ...change, status: 'queued', admitted: true, updatedAt: sql`now()` })
    .where(eq(jobs.id, id))
    .returning();
  return row!;
}

/** It is looked at again, as if it had just been written. */
export async function sendBackRow(db: Sql, id: string): Promise<void> {
  await db.update(jobs).set({ admitted: false }).where(eq(jobs.id, id));
  await db.execute(sql`select pg_notify('reverie_rows', '')`);
}
