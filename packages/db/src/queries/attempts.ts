import type { FailureReport } from '@reverie/contracts';
import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import type { Sql } from '../open.ts';
import { type ATTEMPT_OUTCOMES, attempts } from '../schema/tasks.ts';

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

export async function findAttempt(sql: Sql, at: { taskId: string; attempt: number }): Promise<Attempt | undefined> {
  const [row] = await sql
    .select()
    .from(attempts)
    .where(and(eq(attempts.taskId, at.taskId), eq(attempts.attempt, at.attempt)));
  return row;
}

export const attemptsOf = (sql: Sql, taskIds: string[]): Promise<Attempt[]> =>
  taskIds.length === 0
    ? Promise.resolve([])
    : sql.select().from(attempts).where(inArray(attempts.taskId, taskIds)).orderBy(asc(attempts.startedAt));
