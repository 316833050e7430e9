import { hasEnded, type JobStatus, mayBecome, PRIORITIES, type Priority } from '@reverie/contracts';
import { and, count, desc, eq, gte, inArray, isNotNull, isNull, lt, notInArray, or, sql } from 'drizzle-orm';
import type { Sql } from '../open.ts';
import { type JobError, jobs } from '../schema/jobs.ts';
import { tasks } from '../schema/tasks.ts';
import { type After, olderThan, type Sight, seenBy } from './sight.ts';

export type Job = typeof jobs.$inferSelect;
export type NewJob = typeof jobs.$inferInsert;

/** Undefined when the owner's idempotency key is taken, or the id of a job that has its id for a key. */
export async function insertJob(sql: Sql, job: NewJob): Promise<Job | undefined> {
  const [row] = await sql
    .insert(jobs)
    .values({ ...job, admitted: true })
    .onConflictDoNothing({ target: job.id === undefined ? [jobs.owner, jobs.idempotencyKey] : [jobs.id] })
    .returning();
  return row;
}

export async function jobByKey(sql: Sql, owner: string, idempotencyKey: string): Promise<Job | undefined> {
  const [row] = await sql
    .select()
    .from(jobs)
    .where(and(eq(jobs.owner, owner), eq(jobs.idempotencyKey, idempotencyKey)));
  return row;
}

export async function findJob(sql: Sql, id: string, sight: Sight = {}): Promise<Job | undefined> {
  const [row] = await sql
    .select()
    .from(jobs)
    .where(and(eq(jobs.id, id), seenBy(jobs.owner, sight)));
  return row;
}

/** Whoever settles, cancels or retries a job holds its row; all of them lock the job before its tasks. */
export async function lockJob(sql: Sql, id: string, sight: Sight = {}): Promise<Job | undefined> {
  const [row] = await sql
    .select()
    .from(jobs)
    .where(and(eq(jobs.id, id), seenBy(jobs.owner, sight)))
    .for('update');
  return row;
}

/** Undefined when the job may not make this move. */
export async function moveJob(
  sqlTo: Sql,
  id: string,
  to: JobStatus,
  more: { error?: JobError | null; timeoutMinutes?: number; cachedFrom?: string } = {},
): Promise<Job | undefined> {
  const { timeoutMinutes, ...fields } = more;
  const now = sql`now()`;
  const [row] = await sqlTo
    .update(jobs)
    .set({
      status: to,
      updatedAt: now,
      ...(to === 'processing' && { startedAt: sql`coalesce(${jobs.startedAt}, now())` }),
      ...(timeoutMinutes && {
        deadline: sql`coalesce(${jobs.deadline}, now() + make_interval(mins => ${timeoutMinutes}))`,
      }),
      // What was out of time is given time again.
      ...(to === 'queued' && { run: sql`${jobs.run} + 1`, endedAt: null, error: null, startBy: null, deadline: null }),
      ...(hasEnded(to) && { endedAt: now }),
      ...fields,
    })
    .where(and(eq(jobs.id, id), inArray(jobs.status, mayBecome(to))))
    .returning();
  return row;
}

export interface JobFilter extends Sight {
  status?: JobStatus | undefined;
  pipeline?: string | undefined;
  /** Rows older than this one: the last of the page before. */
  after?: After | undefined;
  limit: number;
}

const matching = ({ status, pipeline, after, ...sight }: Omit<JobFilter, 'limit'>) =>
  and(
    seenBy(jobs.owner, sight),
    status && eq(jobs.status, status),
    pipeline ? eq(jobs.pipeline, pipeline) : undefined,
    olderThan(jobs, after),
  );

/** Newest first. */
export const listJobs = (sql: Sql, { limit, ...filter }: JobFilter): Promise<Job[]> =>
  sql.select().from(jobs).where(matching(filter)).orderBy(desc(jobs.createdAt), desc(jobs.id)).limit(limit);

export async function countJobs(sql: Sql, filter: Omit<JobFilter, 'limit' | 'after'>): Promise<number> {
  const [row] = await sql.select({ total: count() }).from(jobs).where(matching(filter));
  return row?.total ?? 0;
}

/** The newest completed one with this key that did the work itself, while its results may be used again. */
export async function jobToReuse(
  sqlFor: Sql,
  { owner, key, hours }: { owner: string; key: string; hours: number },
): Promise<Job | undefined> {
  const [row] = await sqlFor
    .select()
    .from(jobs)
    .where(
      and(
        eq(jobs.owner, owner),
        eq(jobs.cacheKey, key),
        eq(jobs.status, 'completed'),
        isNull(jobs.cachedFrom),
        gte(jobs.endedAt, sql`now() - make_interval(secs => ${hours * 3_600})`),
      ),
    )
    .orderBy(desc(jobs.endedAt))
    .limit(1)
    .for('key share'); // it is not cleaned away before the new job has its files
  return row;
}

/** Past their start-by or their deadline, by Postgres's clock. */
export const jobsOverTime = (db: Sql): Promise<{ id: string }[]> =>
  db
    .select({ id: jobs.id })
    .from(jobs)
    .where(
      or(
        and(eq(jobs.status, 'queued'), lt(jobs.startBy, sql`now()`)),
        and(inArray(jobs.status, ['queued', 'processing']), lt(jobs.deadline, sql`now()`)),
      ),
    )
    .limit(100);

/** An idempotency key is good for thirty days. */
export async function freeIdempotencyKeys(db: Sql): Promise<void> {
  await db
    .update(jobs)
    .set({ idempotencyKey: null, bodyHash: null })
    .where(and(isNotNull(jobs.idempotencyKey), lt(jobs.createdAt, sql`now() - interval '30 days'`)));
}

/** Priority and hold reach the tasks that still wait; what is dispatched already goes on. */
export async function changeJob(
  db: Sql,
  id: string,
  change: { priority?: Priority; held?: boolean; startBy?: Date | null; deadline?: Date | null },
): Promise<Job> {
  const [row] = await db
    .update(jobs)
    .set({ ...change, updatedAt: sql`now()` })
    .where(eq(jobs.id, id))
    .returning();
  const { priority, held } = change;
  if (priority !== undefined || held !== undefined) {
    await db
      .update(tasks)
      .set({
        ...(priority && { rank: PRIORITIES.indexOf(priority) }),
        ...(held !== undefined && { held: sql`${held} or ${tasks.awaited}` }),
      })
      .where(and(eq(tasks.jobId, id), notInArray(tasks.status, ['completed', 'failed', 'cancelled'])));
  }
  return row!;
}

/** The failed ones that match, oldest failure first: how many there are, and the first of them. */
export async function failedJobs(
  db: Sql,
  {
    pipeline,
    code,
    since,
    until,
    limit,
    ...sight
  }: Sight & {
    pipeline?: string | undefined;
    code?: string | undefined;
    since?: Date | undefined;
    until?: Date | undefined;
    limit: number;
  },
): Promise<{ matched: number; ids: string[] }> {
  const where = and(
    eq(jobs.status, 'failed'),
    seenBy(jobs.owner, sight),
    pipeline ? eq(jobs.pipeline, pipeline) : undefined,
    code ? sql`${jobs.error} ->> 'code' = ${code}` : undefined,
    since && gte(jobs.endedAt, since),
    until && lt(jobs.endedAt, until),
  );
  const [total] = await db.select({ matched: count() }).from(jobs).where(where);
  const rows = await db.select({ id: jobs.id }).from(jobs).where(where).orderBy(jobs.endedAt, jobs.id).limit(limit);
  return { matched: total?.matched ?? 0, ids: rows.map(({ id }) => id) };
}
