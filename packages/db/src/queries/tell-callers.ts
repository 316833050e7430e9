import { and, arrayContains, eq, isNull, or, sql } from 'drizzle-orm';
import { callbackEvent, callbackJob } from '../callback-words.ts';
import type { Sql } from '../open.ts';
import { deliveries, endpoints } from '../schema/callbacks.ts';
import { jobs } from '../schema/jobs.ts';
import { findJob } from './jobs.ts';

/** One delivery for every live endpoint that wants the event: the owner's, and the job's own `callback_url`. */
export async function tellCallers(
  db: Sql,
  jobId: string,
  event: { type: string; data: Record<string, unknown> },
): Promise<void> {
  const type = callbackEvent(event.type, event.data);
  if (!type) return;
  const owner = db.select({ owner: jobs.owner }).from(jobs).where(eq(jobs.id, jobId));
  const wanting = await db
    .select({ id: endpoints.id })
    .from(endpoints)
    .where(
      and(
        or(eq(endpoints.jobId, jobId), and(isNull(endpoints.jobId), eq(endpoints.owner, owner))),
        isNull(endpoints.disabledAt),
        or(sql`cardinality(${endpoints.events}) = 0`, arrayContains(endpoints.events, [type])),
      ),
    );
  // Even an insert of no rows would wake the senders.
  if (wanting.length === 0) return;
  const payload = callbackJob((await findJob(db, jobId))!);
  await db.insert(deliveries).values(wanting.map(({ id }) => ({ endpointId: id, jobId, type, payload })));
}
