import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Sql } from '../open.ts';
import { jobs } from '../schema/jobs.ts';
import { segmentCompletions } from '../schema/segment-completions.ts';
import { tasks } from '../schema/tasks.ts';

export type SegmentCompletion = typeof segmentCompletions.$inferSelect;

/** A segment that is done again replaces what was said of it. */
export async function recordCompletion(db: Sql, completion: Omit<SegmentCompletion, 'completedAt'>): Promise<void> {
  const { outputS3Uri, totalSegments, job } = completion;
  await db
    .insert(segmentCompletions)
    .values(completion)
    .onConflictDoUpdate({
      target: [segmentCompletions.jobId, segmentCompletions.segmentIndex],
      set: { outputS3Uri, totalSegments, job, completedAt: sql`now()` },
    });
}

export const completionsOf = (db: Sql, job: string): Promise<SegmentCompletion[]> =>
  db
    .select()
    .from(segmentCompletions)
    .where(eq(segmentCompletions.job, job))
    .orderBy(asc(segmentCompletions.segmentIndex));

/** What parts of a stage have waited for has come. Says which of them had waited. */
export async function markArrived(db: Sql, jobId: string, stage: string, parts: number[]): Promise<number[]> {
  if (parts.length === 0) return [];
  const rows = await db
    .update(tasks)
    .set({ awaited: false, held: sql`(select held from ${jobs} where ${jobs.id} = ${tasks.jobId})` })
    .where(and(eq(tasks.jobId, jobId), eq(tasks.stage, stage), inArray(tasks.part, parts), eq(tasks.awaited, true)))
    .returning({ part: tasks.part });
  return rows.map(({ part }) => part);
}

/** Parts of a live job whose input is still to come from outside. */
export async function awaitedParts(db: Sql, jobId: string): Promise<number[]> {
  const rows = await db
    .select({ part: tasks.part })
    .from(tasks)
    .where(and(eq(tasks.jobId, jobId), eq(tasks.awaited, true), eq(tasks.status, 'waiting')))
    .orderBy(asc(tasks.part));
  return rows.map(({ part }) => part);
}
