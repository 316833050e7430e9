import { FLEETS, type Fleet } from '@reverie/contracts';
import { sql } from 'drizzle-orm';
import type { Sql } from '../open.ts';

/** Up to so many rows are counted, more are estimated from a sample of as many. */
const COUNTED = 100_000;

/** What the stored files come to, by their rows. A file that two jobs share is counted with each. */
export async function storedFiles(db: Sql): Promise<{ count: number; bytes: number; estimated: boolean }> {
  const { rows } = await db.execute<{ total: number }>(
    sql`select greatest(reltuples, 0)::float as total from pg_class where oid = 'artifacts'::regclass`,
  );
  const total = rows[0]?.total ?? 0;
  const estimated = total > COUNTED;
  const of = estimated
    ? sql.raw(`artifacts tablesample system (${((100 * COUNTED) / total).toFixed(6)})`)
    : sql`artifacts`;
  const { rows: seen } = await db.execute<{ count: number; bytes: number }>(
    sql`select count(*)::int as count, coalesce(sum(bytes), 0)::float as bytes from ${of}`,
  );
  const { count, bytes } = seen[0]!;
  if (!estimated || count === 0) return { count, bytes, estimated };
  return { count: Math.round(total), bytes: Math.round((bytes / count) * total), estimated };
}

export interface StageTime {
  pipeline: string;
  stage: string;
  attempts: number;
  p50: number;
  p95: number;
}

/** Attempts looked at: the newest of a busy day tell as much as all of them. */
const MOST_ATTEMPTS = 20_000;

/** Seconds that finished attempts of the last 24 hours took. */
export async function stageTimes(db: Sql): Promise<StageTime[]> {
  const { rows } = await db.execute<{ [K in keyof StageTime]: StageTime[K] }>(sql`
    select t.pipeline, t.stage, count(*)::int as attempts,
           percentile_cont(0.5) within group (order by latest.seconds) as p50,
           percentile_cont(0.95) within group (order by latest.seconds) as p95
    from (
      select task_id, extract(epoch from ended_at - started_at)::float as seconds from attempts
      where outcome = 'completed' and ended_at > now() - interval '24 hours'
      order by ended_at desc limit ${MOST_ATTEMPTS}
    ) latest join tasks t on t.id = latest.task_id
    group by t.pipeline, t.stage order by t.pipeline, t.stage`);
  return rows;
}

export interface FleetQueue {
  fleet: Fleet;
  waiting: number;
  inFlight: number;
  /** Of what waits; null: nothing does. */
  oldestSeconds: number | null;
}

/** What waits for each fleet and what it is at, read off two partial indexes. */
export async function fleetQueues(db: Sql): Promise<FleetQueue[]> {
  const fleets = sql.join(
    FLEETS.map((fleet) => sql`(${fleet})`),
    sql`, `,
  );
  const { rows } = await db.execute<{ [K in keyof FleetQueue]: FleetQueue[K] }>(sql`
    select f.fleet, waits.total as waiting, waits.oldest as "oldestSeconds", flies.total as "inFlight"
    from (values ${fleets}) as f (fleet)
    cross join lateral (
      select count(*)::int as total, extract(epoch from now() - min(created_at))::float as oldest
      from tasks t where t.status = 'waiting' and not t.held and t.fleet = f.fleet) waits
    cross join lateral (
      select count(*)::int as total from tasks t
      where t.status in ('dispatched', 'running') and t.fleet = f.fleet) flies`);
  return rows;
}
