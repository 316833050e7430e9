import { PING } from '@reverie/contracts';
import { and, asc, count, desc, eq, gt, gte, inArray, ne, sql } from 'drizzle-orm';
import type { Sql } from '../open.ts';
import { deliveries, deliveryTries } from '../schema/callbacks.ts';
import type { Due } from './deliveries.ts';

export type DeliveryTry = typeof deliveryTries.$inferSelect;

/** How a try went: delivered, to be tried again after a while, or given up. */
export type Outcome = { next: 'delivered' } | { next: 'again'; afterSeconds: number } | { next: 'give up' };

/**
 * Writes a try into the log and moves its delivery on. False when somebody else has moved it meanwhile, after our
 * lease had run out: then only the log is written.
 */
export async function recordTry(
  db: Sql,
  delivery: Pick<Due, 'id' | 'tries'>,
  seen: Pick<DeliveryTry, 'httpStatus' | 'error' | 'ms'>,
  outcome: Outcome,
): Promise<boolean> {
  const [moved] = await db
    .update(deliveries)
    .set({
      tries: delivery.tries + 1,
      ...(outcome.next === 'again'
        ? { dueAt: sql`now() + make_interval(secs => ${outcome.afterSeconds})` }
        : { dueAt: sql`now()`, status: outcome.next === 'delivered' ? 'delivered' : 'given up' }),
      ...(outcome.next === 'delivered' && { deliveredAt: sql`now()` }),
    })
    .where(and(eq(deliveries.id, delivery.id), eq(deliveries.tries, delivery.tries), eq(deliveries.status, 'pending')))
    .returning({ id: deliveries.id });
  // Numbers go on when a delivery is asked for again and its schedule begins anew. A deleted endpoint has no log.
  await db.execute(sql`
    insert into delivery_tries (delivery_id, number, http_status, error, ms)
    select d.id, coalesce((select max(number) from delivery_tries where delivery_id = d.id), 0) + 1,
      ${seen.httpStatus}::int, ${seen.error}::text, ${seen.ms}::int
    from deliveries d where d.id = ${delivery.id} on conflict do nothing`);
  return moved !== undefined;
}

/** Handed back untried. */
export async function handBack(db: Sql, id: string): Promise<void> {
  await db
    .update(deliveries)
    .set({ dueAt: sql`now()` })
    .where(and(eq(deliveries.id, id), eq(deliveries.status, 'pending')));
}

/** How many callbacks were given up after `tries` since one last arrived. */
export async function givenUpInARow(db: Sql, endpointId: string, tries: number): Promise<number> {
  const last = sql`coalesce((select max(delivered_at) from deliveries where endpoint_id = ${endpointId}), '-infinity')`;
  const [row] = await db
    .select({ total: count() })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.endpointId, endpointId),
        eq(deliveries.status, 'given up'),
        gte(deliveries.tries, tries), // and not because the endpoint was disabled
        ne(deliveries.type, PING),
        gt(deliveries.dueAt, last),
      ),
    );
  return row?.total ?? 0;
}

export const triesOf = (sql: Sql, deliveryIds: string[]): Promise<DeliveryTry[]> =>
  deliveryIds.length === 0
    ? Promise.resolve([])
    : sql
        .select()
        .from(deliveryTries)
        .where(inArray(deliveryTries.deliveryId, deliveryIds))
        .orderBy(desc(deliveryTries.deliveryId), asc(deliveryTries.number));
