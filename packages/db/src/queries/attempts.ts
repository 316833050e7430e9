import type { FailureReport } from '@reverie/contracts';
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Sql } from '../open.ts';
import { type ATTEMPT_OUTCOMES, attempts, tasks } from '../schema/tasks.ts';

export type Attempt = typeof attempts.$inferSelect;
type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

export async function endAttempt(
  db: Sql,
  at: { taskId: string; attempt: number },
  outcome: AttemptOutcome,
  error?: FailureReport,
): Promise<void> {
  await db
    .update(attempts)
    .set({ outcome, error: error ?? null, endedAt: sql`now()` })
    .where(and(eq(attempts.taskId, at.taskId), eq(attempts.attempt, at.attempt), eq(attempts.outcome, 'running')));
}

/** Of a job that is over: whoever is still at it. */
export async function endAttemptsOf(db: Sql, jobId: string, outcome: AttemptOutcome): Promise<void> {
  const own = db.select({ id: tasks.id }).from(tasks).where(eq(tasks.jobId, jobId));
  await db
    .update(attempts)
    .set({ outcome, endedAt: sql`now()` })
    .where(and(inArray(attempts.taskId, own), eq(attempts.outcome, 'running')));
}

export async function findAttempt(db: Sql, at: { taskId: string; attempt: number }): Promise<Attempt | undefined> {
  const [row] = await db
    .select()
    .from(attempts)
    .where(and(eq(attempts.taskId, at.taskId), eq(attempts.attempt, at.attempt)));
  return row;
}

export const attemptsOf = (db: Sql, taskIds: string[]): Promise<Attempt[]> =>
  taskIds.length === 0
    ? Promise.resolve([])
    : db
        .select()
        .from(attempts)
        // One value, however many they are: a statement has room for 65,535.
        .where(sql`${attempts.taskId} = any(${sql.param(taskIds)}::uuid[])`)
        .orderBy(asc(attempts.startedAt));
