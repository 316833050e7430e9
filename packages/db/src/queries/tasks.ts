import { FLEETS, type Fleet } from '@reverie/contracts';
import { and, asc, eq, inArray, lt, ne, notInArray, sql } from 'drizzle-orm';
import type { Sql } from '../open.ts';
import { LATE, leftovers } from '../schema/leftovers.ts';
import { attempts, tasks } from '../schema/tasks.ts';
import { endAttemptsOf } from './attempts.ts';

export type Task = typeof tasks.$inferSelect;
export type NewTask = typeof tasks.$inferInsert;

/** A statement has room for 65,535 values, and a task has two dozen. */
const ROWS_AT_ONCE = 1_000;

/** A stage is begun once, however many settle at the same time. */
export async function insertTasks(sql: Sql, rows: NewTask[]): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE)
    await sql
      .insert(tasks)
      .values(rows.slice(from, from + ROWS_AT_ONCE))
      .onConflictDoNothing();
}

/** `but`: all stages except that one. The parts of a large fan-out are not looked at by each other. */
export const tasksOf = (sql: Sql, jobIds: string[], { but }: { but?: string } = {}): Promise<Task[]> =>
  sql
    .select()
    .from(tasks)
    .where(and(inArray(tasks.jobId, jobIds), but === undefined ? undefined : ne(tasks.stage, but)))
    .orderBy(asc(tasks.createdAt), asc(tasks.part));

/** How the parts of a stage are: whether some have still to end; and when none has, which have failed. */
export async function partsOfStage(
  db: Sql,
  { jobId, stage }: Pick<Task, 'jobId' | 'stage'>,
): Promise<{ open: boolean; failed: Pick<Task, 'part' | 'error'>[] }> {
  const [first] = await db
    .select({ id: tasks.id })
    .from(tasks)
    .where(and(eq(tasks.jobId, jobId), eq(tasks.stage, stage), inArray(tasks.status, OPEN)))
    .limit(1);
  if (first) return { open: true, failed: [] };
  const failed = await db
    .select({ part: tasks.part, error: tasks.error })
    .from(tasks)
    .where(and(eq(tasks.jobId, jobId), eq(tasks.stage, stage), eq(tasks.status, 'failed')))
    .orderBy(asc(tasks.part));
  return { open: false, failed };
}

const OPEN = ['waiting', 'dispatched', 'running'] as const;

/** As much of a task as a progress bar needs: outputs can be long. */
export type TaskState = Pick<Task, 'id' | 'jobId' | 'stage' | 'part' | 'status' | 'attempt'>;

export async function taskStatesOf(sql: Sql, jobIds: string[]): Promise<TaskState[]> {
  if (jobIds.length === 0) return [];
  const { id, jobId, stage, part, status, attempt } = tasks;
  return sql.select({ id, jobId, stage, part, status, attempt }).from(tasks).where(inArray(jobId, jobIds));
}

export async function findTask(sql: Sql, id: string): Promise<Task | undefined> {
  const [row] = await sql.select().from(tasks).where(eq(tasks.id, id));
  return row;
}

export async function lockTask(sql: Sql, id: string): Promise<Task | undefined> {
  const [row] = await sql.select().from(tasks).where(eq(tasks.id, id)).for('update');
  return row;
}

export interface FleetLoad {
  fleet: Fleet;
  /** Something could be dispatched. */
  waiting: boolean;
  /** Tasks in the fleet's window, whether a worker has them or not. */
  inFlight: number;
}

/** One look at all fleets, whose cost does not grow with the backlog. */
export async function fleetLoads(db: Sql): Promise<FleetLoad[]> {
  const { rows } = await db.execute<{ fleet: Fleet; waiting: boolean; inFlight: number }>(sql`
    select fleet,
      exists (select from tasks t where t.status = 'waiting' and not t.held and t.fleet = f.fleet) as waiting,
      (select count(*)::int from tasks t where t.status in ('dispatched', 'running') and t.fleet = f.fleet) as "inFlight"
    from (values ${sql.join(
      FLEETS.map((fleet) => sql`(${fleet})`),
      sql`, `,
    )}) as f (fleet)
  `);
  return rows;
}

/** In flight by the row for at least two seconds: time enough for a dispatch that has committed and is about to add. */
export const settledInFlight = (db: Sql): Promise<Task[]> =>
  db
    .select()
    .from(tasks)
    .where(
      and(inArray(tasks.status, ['dispatched', 'running']), lt(tasks.dispatchedAt, sql`now() - interval '2 seconds'`)),
    );

/** The fence moves: from here on only the new attempt may speak for the task. */
export async function startAttempt(db: Sql, task: Task, claim: { claimId: string; worker: string }): Promise<Task> {
  const [row] = await db
    .update(tasks)
    .set({
      ...claim,
      status: 'running',
      attempt: task.attempt + 1,
      startedAt: sql`now()`,
      endedAt: null,
      retryAt: null,
    })
    .where(eq(tasks.id, task.id))
    .returning();
  await db.insert(attempts).values({ taskId: task.id, attempt: task.attempt + 1, worker: claim.worker });
  return row!;
}

/** The task ends, or goes back to its queue; the caller holds the row. */
export async function updateTask(
  db: Sql,
  id: string,
  change: Partial<Pick<Task, 'status' | 'output' | 'error' | 'failures' | 'crashes' | 'retryAt'>>,
): Promise<void> {
  const ends = change.status !== undefined && !['waiting', 'dispatched', 'running'].includes(change.status);
  await db
    .update(tasks)
    .set({ ...change, ...(ends && { endedAt: sql`now()` }) })
    .where(eq(tasks.id, id));
}

/** Ends whatever of a job has not ended. What queue and workers have heard of comes back, so that they can be told. */
export async function cancelTasks(db: Sql, jobId: string): Promise<Task[]> {
  const stopped = await db
    .update(tasks)
    .set({ status: 'cancelled', endedAt: sql`now()` })
    .where(and(eq(tasks.jobId, jobId), notInArray(tasks.status, ['completed', 'failed', 'cancelled'])))
    .returning();
  await endAttemptsOf(db, jobId, 'cancelled');
  return stopped.filter(({ dispatchedAt }) => dispatchedAt !== null);
}

/** Makes everything unfinished wait again, as the job's new run. */
export async function reopenTasks(db: Sql, jobId: string, run: number): Promise<void> {
  await db
    .update(tasks)
    .set({
      status: 'waiting',
      run,
      failures: 0,
      crashes: 0,
      error: null,
      claimId: null,
      endedAt: null,
      retryAt: null,
      createdAt: sql`now()`,
    })
    .where(and(eq(tasks.jobId, jobId), ne(tasks.status, 'completed')));
}

/** Forgets stages that are to be done again. Their manifests lie under the tasks' own ids, where nobody would look for them later. */
export async function deleteTasks(
  db: Sql,
  jobId: string,
  stages: string[],
): Promise<Pick<Task, 'stage' | 'part' | 'awaited'>[]> {
  const gone = await db
    .delete(tasks)
    .where(and(eq(tasks.jobId, jobId), inArray(tasks.stage, stages)))
    .returning({
      ...{ id: tasks.id, attempt: tasks.attempt },
      ...{ stage: tasks.stage, part: tasks.part, awaited: tasks.awaited },
    });
  const tried = gone.filter(({ attempt }) => attempt > 0);
  const until = sql`now() + ${LATE}`;
  if (tried.length > 0) await db.insert(leftovers).values(tried.map(({ id }) => ({ prefix: `tasks/${id}/`, until })));
  return gone;
}
