import type { Fleet } from '@reverie/contracts';
import { and, eq, inArray, sql } from 'drizzle-orm';
import type { Sql } from '../open.ts';
import { tasks } from '../schema/tasks.ts';
import type { Task } from './tasks.ts';

/** Waiting this long lifts a task by one class: low work is late under load, never forgotten. */
const AGEING_SECONDS = 600;

/**
 * Takes the next tasks of a fleet, in fair order: class (high, normal, low; lifted by age), then the owner who has the
 * least in flight for his weight, then age. Nobody gets beyond his cap; what is held or paused stays where it is.
 *
 * The cost does not grow with the backlog: owners are skipped through on the index, and of each at most `room` tasks a
 * class are looked at. Two replicas at once take different tasks: what one has locked the other passes over.
 */
export async function takeNext(db: Sql, fleet: Fleet, room: number): Promise<Task[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    with recursive hopping (owner) as (
      (select owner from tasks where status = 'waiting' and not held and fleet = ${fleet} order by owner limit 1)
      union all
      select (select t.owner from tasks t
              where t.status = 'waiting' and not t.held and t.fleet = ${fleet} and t.owner > hopping.owner
              order by t.owner limit 1)
      from hopping where hopping.owner is not null
    ),
    paused as (select kind, name from lanes where paused_at is not null and (paused_until is null or paused_until > now())),
    flying as (
      select owner, count(*) as here from tasks where status in ('dispatched', 'running') and fleet = ${fleet} group by owner
    ),
    everywhere as (
      select owner, count(*) as total from tasks where status in ('dispatched', 'running') group by owner
    ),
    owners as (
      select hopping.owner, coalesce(lane.weight, 1) as weight, lane.cap,
             coalesce(flying.here, 0) as here, coalesce(everywhere.total, 0) as total
      from hopping
      left join lanes lane on lane.kind = 'owner' and lane.name = hopping.owner
      left join flying on flying.owner = hopping.owner
      left join everywhere on everywhere.owner = hopping.owner
      where hopping.owner is not null
        and not exists (select from paused where kind = 'fleet' and name = ${fleet})
        and not exists (select from paused where kind = 'owner' and name = hopping.owner)
    ),
    candidates as (
      select task.*, owners.weight, owners.cap, owners.here, owners.total,
             row_number() over (partition by owners.owner order by task.class, task.created_at, task.part) as nth
      from owners
      cross join (values (0), (1), (2)) as ranks (rank)
      cross join lateral (
        select id, created_at, part,
               greatest(0, t.rank - floor(greatest(0, extract(epoch from now() - created_at)) / ${AGEING_SECONDS})) as class
        from tasks t
        where t.status = 'waiting' and not t.held and t.fleet = ${fleet} and t.owner = owners.owner and t.rank = ranks.rank
          and not exists (select from paused where kind = 'pipeline' and name = t.pipeline)
          and (t.provider is null or not exists (select from paused where kind = 'provider' and name = t.provider))
        order by t.created_at limit ${room}
      ) task
    ),
    chosen as (
      select id, row_number() over (order by class, (here + nth)::float / weight, created_at, part) as place
      from candidates where cap is null or total + nth <= cap
      order by place limit ${room}
    )
    select t.id from tasks t join chosen using (id)
    where t.status = 'waiting' and not t.held order by chosen.place for update of t skip locked
  `);
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const taken = await db
    .update(tasks)
    .set({ status: 'dispatched', dispatchedAt: sql`now()` })
    // Cancelled, held or claimed since it was looked at: then it is no longer ours to move.
    .where(and(inArray(tasks.id, ids), eq(tasks.status, 'waiting'), eq(tasks.held, false)))
    .returning();
  return taken.sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
}
