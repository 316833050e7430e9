import type { Fleet } from '@reverie/contracts';
import { sql } from 'drizzle-orm';
import type { Sql } from '../open.ts';
import type { Task } from './tasks.ts';

/** Nobody needs to know more exactly how far back he is. */
const MOST_COUNTED = 10_000;

/** How many waiting tasks of the same fleet come before this one, by class and age; and how many of them are the same owner's. */
export async function tasksAhead(db: Sql, task: Task): Promise<{ ahead: number; own: number }> {
  const { rows } = await db.execute<{ ahead: number; own: number }>(sql`
    select count(*)::int as ahead, count(*) filter (where owner = ${task.owner})::int as own from (
      select owner from tasks
      where status = 'waiting' and not held and fleet = ${task.fleet}
        and (rank, created_at, part) < (${task.rank}, ${task.createdAt.toISOString()}::timestamptz, ${task.part})
      limit ${MOST_COUNTED}
    ) before
  `);
  return rows[0] ?? { ahead: 0, own: 0 };
}

/** What an owner has in flight, in all fleets. */
export async function inFlightOf(db: Sql, owner: string): Promise<number> {
  const { rows } = await db.execute<{ total: number }>(
    sql`select count(*)::int as total from tasks where status in ('dispatched', 'running') and owner = ${owner}`,
  );
  return rows[0]?.total ?? 0;
}

/** Seconds that finished attempts of the last week took, by stage: the median of the latest hundred. */
export async function usualSeconds(db: Sql, pipeline: string): Promise<Map<string, number>> {
  const { rows } = await db.execute<{ stage: string; seconds: number }>(sql`
    select stage, percentile_cont(0.5) within group (order by seconds) as seconds from (
      select t.stage, extract(epoch from a.ended_at - a.started_at)::float as seconds,
             row_number() over (partition by t.stage order by a.ended_at desc) as nth
      from attempts a join tasks t on t.id = a.task_id
      where t.pipeline = ${pipeline} and a.outcome = 'completed' and a.ended_at > now() - interval '7 days'
    ) latest where nth <= 100 group by stage
  `);
  return new Map(rows.map(({ stage, seconds }) => [stage, seconds]));
}

/** Seconds a slot of the fleet is usually busy with one task: how fast the line moves. */
export async function usualSecondsOf(db: Sql, fleet: Fleet): Promise<number | undefined> {
  const { rows } = await db.execute<{ seconds: number | null }>(sql`
    select avg(seconds) as seconds from (
      select extract(epoch from a.ended_at - a.started_at)::float as seconds
      from attempts a join tasks t on t.id = a.task_id
      where t.fleet = ${fleet} and a.outcome = 'completed' order by a.ended_at desc limit 100
    ) latest
  `);
  return rows[0]?.seconds ?? undefined;
}
