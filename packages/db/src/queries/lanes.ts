import { and, eq, isNotNull, sql } from 'drizzle-orm';
import type { Sql } from '../open.ts';
import { type LaneKind, lanes } from '../schema/lanes.ts';

export type Lane = typeof lanes.$inferSelect;

export async function setLane(
  db: Sql,
  lane: { kind: LaneKind; name: string },
  change: Partial<Pick<Lane, 'weight' | 'cap' | 'reason'>> & { paused?: boolean },
): Promise<Lane> {
  const { paused, ...fields } = change;
  const pause = paused === undefined ? {} : { pausedAt: paused ? sql`now()` : null };
  const [row] = await db
    .insert(lanes)
    .values({ ...lane, ...fields, ...pause })
    .onConflictDoUpdate({ target: [lanes.kind, lanes.name], set: { ...fields, ...pause, updatedAt: sql`now()` } })
    .returning();
  return row!;
}

export const listLanes = (db: Sql): Promise<Lane[]> => db.select().from(lanes).orderBy(lanes.kind, lanes.name);

export async function findLane(db: Sql, kind: LaneKind, name: string): Promise<Lane | undefined> {
  const [row] = await db
    .select()
    .from(lanes)
    .where(and(eq(lanes.kind, kind), eq(lanes.name, name)));
  return row;
}

export const pausedLanes = (db: Sql): Promise<Lane[]> => db.select().from(lanes).where(isNotNull(lanes.pausedAt));
