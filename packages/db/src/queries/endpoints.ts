import { and, asc, count, eq, isNull, sql } from 'drizzle-orm';
import type { Sql } from '../open.ts';
import { deliveries, endpoints } from '../schema/callbacks.ts';
import { type Sight, seenBy } from './sight.ts';

export type Endpoint = typeof endpoints.$inferSelect;
export type NewEndpoint = typeof endpoints.$inferInsert;

export async function insertEndpoint(sql: Sql, endpoint: NewEndpoint): Promise<Endpoint> {
  const [row] = await sql.insert(endpoints).values(endpoint).returning();
  return row!;
}

export async function findEndpoint(sql: Sql, id: string, sight: Sight = {}): Promise<Endpoint | undefined> {
  const [row] = await sql
    .select()
    .from(endpoints)
    .where(and(eq(endpoints.id, id), seenBy(endpoints.owner, sight)));
  return row;
}

/** Whoever gives up on deliveries holds their endpoint first, so that two who disable it do not wait for each other. */
export async function lockEndpoint(sql: Sql, id: string): Promise<void> {
  await sql.select({ id: endpoints.id }).from(endpoints).where(eq(endpoints.id, id)).for('update');
}

/** An owner's endpoints, oldest first; with `jobId`, the one its `callback_url` made. */
export const listEndpoints = (sql: Sql, { jobId, ...sight }: Sight & { jobId?: string | undefined }) =>
  sql
    .select()
    .from(endpoints)
    .where(
      and(seenBy(endpoints.owner, sight), jobId === undefined ? isNull(endpoints.jobId) : eq(endpoints.jobId, jobId)),
    )
    .orderBy(asc(endpoints.createdAt), asc(endpoints.id))
    .limit(1_000);

export async function countEndpoints(sql: Sql, owner: string): Promise<number> {
  const [row] = await sql
    .select({ total: count() })
    .from(endpoints)
    .where(and(eq(endpoints.owner, owner), isNull(endpoints.jobId)));
  return row?.total ?? 0;
}

export async function updateEndpoint(
  sql: Sql,
  id: string,
  change: Partial<Pick<Endpoint, 'url' | 'events'>>,
): Promise<void> {
  if (Object.keys(change).length > 0) await sql.update(endpoints).set(change).where(eq(endpoints.id, id));
}

/** The new secret signs from now on, and for a day the one before it does, too. */
export async function rotateSecret(db: Sql, id: string, secret: string): Promise<Endpoint | undefined> {
  const [row] = await db
    .update(endpoints)
    .set({ secrets: sql`array[${secret}::text, ${endpoints.secrets}[1]]`, rotatedAt: sql`now()` })
    .where(eq(endpoints.id, id))
    .returning();
  return row;
}

/** What waits for it is given up; it can be asked for again once the endpoint is enabled. */
export async function disableEndpoint(db: Sql, id: string, reason: string): Promise<void> {
  await db
    .update(endpoints)
    .set({ disabledAt: sql`now()`, disabledReason: reason })
    .where(and(eq(endpoints.id, id), isNull(endpoints.disabledAt)));
  await db
    .update(deliveries)
    .set({ status: 'given up', dueAt: sql`now()` })
    .where(and(eq(deliveries.endpointId, id), eq(deliveries.status, 'pending')));
}

export async function enableEndpoint(sql: Sql, id: string): Promise<void> {
  await sql.update(endpoints).set({ disabledAt: null, disabledReason: null }).where(eq(endpoints.id, id));
}

export async function deleteEndpoint(sql: Sql, id: string): Promise<void> {
  await sql.delete(endpoints).where(eq(endpoints.id, id));
}
