import { and, asc, eq, gt } from 'drizzle-orm';
import type { Sql } from '../open.ts';
import { events } from '../schema/events.ts';
import { tellCallers } from './tell-callers.ts';

export type Event = typeof events.$inferSelect;

/** What happened, and in the same transaction a delivery for everyone who wants to be told of it. */
export async function recordEvent(
  sql: Sql,
  jobId: string,
  type: string,
  data: Record<string, unknown> = {},
): Promise<void> {
  await sql.insert(events).values({ jobId, type, data });
  await tellCallers(sql, jobId, { type, data });
}

export const eventsOf = (sql: Sql, jobId: string, after = 0): Promise<Event[]> =>
  sql
    .select()
    .from(events)
    .where(and(eq(events.jobId, jobId), gt(events.seq, after)))
    .orderBy(asc(events.seq));
