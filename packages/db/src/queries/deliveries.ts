import { and, count, desc, eq, gte, inArray, lt, sql } from 'drizzle-orm';
import type { Sql } from '../open.ts';
import { type DeliveryStatus, deliveries, endpoints } from '../schema/callbacks.ts';

export type Delivery = typeof deliveries.$inferSelect;

/** A delivery somebody has taken, with all that is needed to send it. */
export interface Due extends Delivery {
  url: string;
  owner: string;
  disabled: boolean;
  /** Those that sign now; none for a job's `callback_url`, which signs with its owner's. */
  secrets: string[];
}

export interface Taking {
  /** How many at most, and how many of them for one endpoint, with those that are being sent. */
  room: number;
  perEndpoint: number;
  /** For this long nobody else takes them; then, if nothing was heard, they are due again. */
  leaseSeconds: number;
  /** What this process is sending already. */
  sending: readonly Pick<Delivery, 'id' | 'endpointId'>[];
}

/** Rows looked at for one take: enough to find the others behind an endpoint with a backlog. */
const LOOK_AT = 500;

const uuids = (ids: readonly string[]) => sql`${sql.param([...ids])}::uuid[]`;
const sent = ({ sending }: Pick<Taking, 'sending'>) =>
  sql`sent as (select id, endpoint_id, job_id from deliveries where id = any(${uuids(sending.map(({ id }) => id))}))`;

/**
 * Neither is its endpoint busy, nor is an earlier word about the same job on its way there. The busy ones are given by
 * name: of a slow receiver's 30,000 rows nothing else is looked at.
 */
function free({ sending, perEndpoint }: Pick<Taking, 'sending' | 'perEndpoint'>) {
  const by = Map.groupBy(sending, ({ endpointId }) => endpointId);
  const busy = [...by].flatMap(([endpointId, list]) => (list.length >= perEndpoint ? [endpointId] : []));
  return sql`d.endpoint_id <> all(${uuids(busy)}) and not exists (
    select from sent where sent.id = d.id or (sent.endpoint_id = d.endpoint_id and sent.job_id = d.job_id))`;
}

/**
 * Takes what is due by moving it ahead: whoever dies with it leaves it to be due again. A job's callbacks to one
 * endpoint are taken one after the other, so that they arrive in order unless one of them fails.
 */
export async function takeDue(db: Sql, taking: Taking): Promise<Due[]> {
  const { room, perEndpoint, leaseSeconds } = taking;
  const next = sql`(
    with ${sent(taking)},
    due as (
      select d.id, d.endpoint_id, d.job_id, d.due_at, d.sequence from deliveries d
      where d.status = 'pending' and d.due_at <= now() and ${free(taking)}
      order by d.due_at, d.sequence limit ${LOOK_AT}
    ),
    first as (
      select *, row_number() over (partition by endpoint_id order by due_at, sequence) as place
      from (
        select *, row_number() over (partition by endpoint_id, coalesce(job_id, id) order by due_at, sequence) as of_job from due
      ) as ranked
      where of_job = 1
    ),
    chosen as (
      select id from first
      where place <= ${perEndpoint} - (select count(*) from sent where sent.endpoint_id = first.endpoint_id)
      order by due_at, sequence limit ${room}
    )
    select d.id from deliveries d where d.id in (select id from chosen) and d.status = 'pending' and d.due_at <= now()
    for update of d skip locked
  )`;
  const taken = await db
    .update(deliveries)
    .set({ dueAt: sql`now() + make_interval(secs => ${leaseSeconds})` })
    .where(inArray(deliveries.id, next))
    .returning();
  if (taken.length === 0) return [];
  const targets = await db
    .select({
      id: endpoints.id,
      url: endpoints.url,
      owner: endpoints.owner,
      disabled: sql<boolean>`${endpoints.disabledAt} is not null`,
      secrets: sql<string[]>`case when ${endpoints.rotatedAt} > now() - interval '1 day'
        then ${endpoints.secrets} else ${endpoints.secrets}[1:1] end`,
    })
    .from(endpoints)
    .where(inArray(endpoints.id, [...new Set(taken.map(({ endpointId }) => endpointId))]));
  const target = new Map(targets.map(({ id, ...rest }) => [id, rest]));
  return taken.flatMap((delivery) => {
    const to = target.get(delivery.endpointId); // gone: deleted a moment ago, and the delivery with it
    return to ? [{ ...delivery, ...to }] : [];
  });
}

/** How long until something is due that could be taken; undefined when nothing waits. */
export async function msUntilDue(
  db: Sql,
  taking: Pick<Taking, 'perEndpoint' | 'sending'>,
): Promise<number | undefined> {
  const { rows } = await db.execute<{ ms: number }>(sql`
    with ${sent(taking)}
    select (extract(epoch from d.due_at - now()) * 1000)::float as ms from deliveries d
    where d.status = 'pending' and ${free(taking)} order by d.due_at limit 1`);
  return rows[0]?.ms;
}

export async function countPendingDeliveries(sql: Sql): Promise<number> {
  const [row] = await sql.select({ total: count() }).from(deliveries).where(eq(deliveries.status, 'pending'));
  return row?.total ?? 0;
}

export async function insertDelivery(
  sql: Sql,
  delivery: Pick<Delivery, 'endpointId' | 'type' | 'payload'>,
): Promise<Delivery> {
  const [row] = await sql.insert(deliveries).values(delivery).returning();
  return row!;
}

/** Newest first. */
export const listDeliveries = (
  sql: Sql,
  {
    endpointId,
    status,
    before,
    limit,
  }: {
    endpointId: string;
    status?: DeliveryStatus | undefined;
    /** A sequence: the last one of the page before. */
    before?: number | undefined;
    limit: number;
  },
): Promise<Delivery[]> =>
  sql
    .select()
    .from(deliveries)
    .where(
      and(
        eq(deliveries.endpointId, endpointId),
        status && eq(deliveries.status, status),
        before === undefined ? undefined : lt(deliveries.sequence, before),
      ),
    )
    .orderBy(desc(deliveries.sequence))
    .limit(limit);

export interface Again {
  ids?: string[] | undefined;
  since?: Date | undefined;
  until?: Date | undefined;
  status?: DeliveryStatus | undefined;
}

/** Sends again, oldest first, under the same ids and from the start of the schedule. Says how many, at most `most`. */
export async function redeliver(db: Sql, endpointId: string, again: Again, most: number): Promise<number> {
  const wanted = db
    .select({ id: deliveries.id })
    .from(deliveries)
    .where(
      and(
        eq(deliveries.endpointId, endpointId),
        again.ids && inArray(deliveries.id, again.ids),
        again.since && gte(deliveries.createdAt, again.since),
        again.until && lt(deliveries.createdAt, again.until),
        again.status && eq(deliveries.status, again.status),
      ),
    )
    .orderBy(deliveries.sequence)
    .limit(most);
  const rows = await db
    .update(deliveries)
    .set({ status: 'pending', tries: 0, dueAt: sql`now()`, deliveredAt: null })
    .where(inArray(deliveries.id, wanted))
    .returning({ id: deliveries.id });
  if (rows.length > 0) await db.execute(sql`select pg_notify('reverie_deliveries', '')`);
  return rows.length;
}
