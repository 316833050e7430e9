import { and, eq, gt, isNotNull, isNull, or, sql } from 'drizzle-orm';
import type { Sql } from '../open.ts';
import { type LaneKind, lanes } from '../schema/lanes.ts';

export type Lane = typeof lanes.$inferSelect;

export async function setLane(
  db: Sql,
  lane: { kind: LaneKind; name: string },
  change: Partial<Pick<Lane, 'weight' | 'cap' | 'reason'>> & { paused?: boolean },
): Promise<Lane> {
  const { paused, ...fields } = change;
  const pause = paused === undefined ? {} : { pausedAt: paused ? sql`now()` : null, pausedUntil: null };
  const [row] = await db
    .insert(lanes)
    .values({ ...lane, ...fields, ...pause })
    .onConflictDoUpdate({ target: [lanes.kind, lanes.name], set: { ...fields, ...pause, updatedAt: sql`now()` } })
    .returning();
  return row!;
}

/** A provider has asked to be left alone for a while. What an operator has paused stays paused. */
export async function pauseProvider(db: Sql, name: string, seconds: number, reason: string): Promise<void> {
  const until = sql`now() + make_interval(secs => ${seconds})`;
  await db
    .insert(lanes)
    .values({ kind: 'provider', name, pausedAt: sql`now()`, pausedUntil: until, reason })
    .onConflictDoUpdate({
      target: [lanes.kind, lanes.name],
      set: { pausedAt: sql`now()`, pausedUntil: until, reason, updatedAt: sql`now()` },
      setWhere: sql`${lanes.pausedAt} is null or ${lanes.pausedUntil} < ${until}`,
    });
}

export const listLanes = (db: Sql): Promise<Lane[]> => db.select().from(lanes).orderBy(lanes.kind, lanes.name);

export async function findLane(db: Sql, kind: LaneKind, name: string): Promise<Lane | undefined> {
  const [row] = await db
    .select()
    .from(lanes)
    .where(and(eq(lanes.kind, kind), eq(lanes.name, name)));
  return row;
}

export const pausedLanes = (db: Sql): Promise<Lane[]> =>
  db
    .select()
    .from(lanes)
    .where(and(isNotNull(lanes.pausedAt), or(isNull(lanes.pausedUntil), gt(lanes.pausedUntil, sql`now()`))));
