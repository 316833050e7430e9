import { ENDED } from '@reverie/contracts';
import { and, inArray, isNotNull, lt, sql } from 'drizzle-orm';
import type { Sql, Tx } from '../open.ts';
import { deliveries } from '../schema/callbacks.ts';
import { dreams } from '../schema/dreams.ts';
import { jobs } from '../schema/jobs.ts';
import { LATE } from '../schema/leftovers.ts';
import { posts } from '../schema/posts.ts';
import { videos } from '../schema/videos.ts';

/** Where the batch before ended. */
export interface EndedAt {
  id: string;
  endedAt: Date;
}

/** The next jobs, longest ended first, that ended more than so many hours ago. */
export const endedLongAgo = (
  db: Sql,
  { hours, after, limit }: { hours: number; after: EndedAt | undefined; limit: number },
): Promise<EndedAt[]> =>
  db
    .select({ id: jobs.id, endedAt: sql<Date>`${jobs.endedAt}`.mapWith(jobs.endedAt) })
    .from(jobs)
    .where(
      and(
        isNotNull(jobs.endedAt),
        inArray(jobs.status, ENDED),
        lt(jobs.endedAt, sql`now() - make_interval(secs => ${hours * 3_600})`),
        // As a pair, so that the index begins there: with `or` it would begin at the oldest each time.
        after && sql`(${jobs.endedAt}, ${jobs.id}) > (${after.endedAt.toISOString()}::timestamptz, ${after.id}::uuid)`,
      ),
    )
    .orderBy(jobs.endedAt, jobs.id)
    .limit(limit);

/**
 * Of these, the ones that may go, held until the transaction ends; what somebody else holds is passed over. What a
 * dream, a video or a post shows goes with it, and a caller who is still to be told is told first.
 */
export async function holdRemovable(db: Sql, ids: string[]): Promise<string[]> {
  const rows = await db
    .select({ id: jobs.id })
    .from(jobs)
    .where(
      and(
        inArray(jobs.id, ids),
        inArray(jobs.status, ENDED),
        sql`not exists (select from ${dreams} where ${dreams.id} = ${jobs.subject} and ${dreams.videoJobId} = ${jobs.id})`,
        sql`not exists (select from ${videos} where ${videos.id} = ${jobs.subject}
          and (${videos.jobId} = ${jobs.id} or starts_with(${videos.videoKey}, 'jobs/' || ${jobs.id} || '/')))`,
        sql`not exists (select from ${posts} where ${posts.id} = ${jobs.subject} and ${posts.subtitleJobId} = ${jobs.id})`,
        sql`not exists (select from ${deliveries} where ${deliveries.jobId} = ${jobs.id} and ${deliveries.status} = 'pending')`,
      ),
    )
    .for('update', { of: jobs, skipLocked: true });
  return rows.map(({ id }) => id);
}

/**
 * Removes jobs with all that is theirs, and notes where their files are. Files with a fixed name, such as a dream's
 * film, belong to the dream. The caller holds the rows.
 */
export async function removeJobs(tx: Tx, ids: string[]): Promise<void> {
  const these = sql`${sql.param(ids)}::uuid[]`;
  await tx.execute(sql`
    insert into leftovers (prefix, until)
    select 'jobs/' || id || '/', ended_at + ${LATE} from jobs where id = any(${these})
    union
    select 'tasks/' || t.id || '/', j.ended_at + ${LATE} from tasks t join jobs j on j.id = t.job_id
    where j.id = any(${these}) and t.attempt > 0
    union -- what a video was cut into
    select 'segments/' || id || '/', ended_at + ${LATE} from jobs
    where id = any(${these}) and pipeline = 'segments' and input ? 'sourceUrl'
    union -- what a pod has made
    select output ->> 'prefix' || '/', now() from tasks
    where job_id = any(${these}) and pipeline = 'subtitles' and output ->> 'prefix' is not null
    union -- what another job made and this one used again
    select key, now() from artifacts
    where job_id = any(${these}) and key like 'jobs/%' and split_part(key, '/', 2) <> job_id::text
    on conflict (prefix) do update set due_at = now(), until = greatest(leftovers.until, excluded.until)`);
  await tx.delete(deliveries).where(inArray(deliveries.jobId, ids));
  await tx.delete(jobs).where(inArray(jobs.id, ids));
}

/** How many files would go with these jobs, as far as rows know. */
export async function filesOfOnly(db: Sql, ids: string[]): Promise<{ files: number; bytes: number }> {
  const these = sql`${sql.param(ids)}::uuid[]`;
  const { rows } = await db.execute<{ files: number; bytes: number }>(sql`
    select count(*)::int as files, coalesce(sum(bytes), 0)::float as bytes from (
      select distinct on (a.key) a.bytes from artifacts a
      where a.job_id = any(${these}) and a.key like 'jobs/%'
        and not exists (select from artifacts other where other.key = a.key and other.job_id <> all(${these}))
    ) theirs`);
  return rows[0]!;
}

/** Callbacks that arrived long ago. */
export const forgetDelivered = (db: Sql, days: number, limit: number): Promise<number> =>
  deleteBatch(
    db,
    sql`deliveries where id in (select id from deliveries
      where status = 'delivered' and delivered_at < now() - make_interval(days => ${days}) limit ${limit})`,
  );

/** The delivery log, the tries of jobs that are kept, and workers that are no more: what `deep` removes besides. */
export async function forgetLogs(db: Sql, hours: number, limit: number): Promise<number> {
  const before = sql`now() - make_interval(secs => ${hours * 3_600})`;
  const gone = [
    sql`deliveries where id in (select id from deliveries where status <> 'pending' and created_at < ${before} limit ${limit})`,
    sql`attempts where (task_id, attempt) in (
      select a.task_id, a.attempt from attempts a join tasks t on t.id = a.task_id join jobs j on j.id = t.job_id
      where a.ended_at < ${before} and j.ended_at < ${before} limit ${limit})`,
    sql`workers where seen_at < least(${before}, now() - interval '1 hour')`,
  ];
  let most = 0;
  for (const what of gone) most = Math.max(most, await deleteBatch(db, what));
  return most;
}

async function deleteBatch(db: Sql, what: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await db.execute<{ total: number }>(
    sql`with gone as (delete from ${what} returning 1) select count(*)::int as total from gone`,
  );
  return rows[0]!.total;
}
