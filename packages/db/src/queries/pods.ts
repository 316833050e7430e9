import { sql } from 'drizzle-orm';
import type { Tx } from '../open.ts';
import { pods } from '../schema/pods.ts';

/** "pods" as a number: two tasks that choose at once take turns. */
const LOCK = 706_475;

/**
 * Gives a task one of these pods, the one it had before if it may: another worker's run may still be going on there. A pod is
 * taken as long as its task is running, or was handed back to run on elsewhere; what fails or ends lets go by that alone.
 * Undefined: somebody is at each of them.
 */
export async function takePod(tx: Tx, taskId: string, names: readonly string[]): Promise<string | undefined> {
  await tx.execute(sql`select pg_advisory_xact_lock(${LOCK})`);
  const { rows } = await tx.execute<{ name: string }>(sql`
    select wished.name from unnest(${sql.param([...names])}::text[]) with ordinality as wished (name, place)
    left join pods p on p.name = wished.name
    left join tasks t on t.id = p.task_id
      and (t.status = 'running' or (t.status = 'dispatched' and t.retry_at is null))
    where t.id is null or t.id = ${taskId}
    order by t.id is null, p.taken_at nulls first, wished.place limit 1`);
  const name = rows[0]?.name;
  if (name === undefined) return undefined;
  await tx.execute(sql`update pods set task_id = null where task_id = ${taskId} and name <> ${name}`);
  await tx
    .insert(pods)
    .values({ name, taskId })
    .onConflictDoUpdate({ target: pods.name, set: { taskId, takenAt: sql`now()` } });
  return name;
}
