import { and, desc, eq, lt, or, sql } from 'drizzle-orm';
import type { Sql } from '../open.ts';
import { dreams } from '../schema/dreams.ts';
import type { Sight } from './jobs.ts';

export type Dream = typeof dreams.$inferSelect;
export type NewDreamRow = typeof dreams.$inferInsert;

const seenBy = ({ owner }: Sight) => (owner === undefined ? undefined : eq(dreams.owner, owner));

/** Undefined when the id is taken. */
export async function insertDream(sql: Sql, dream: NewDreamRow): Promise<Dream | undefined> {
  const [row] = await sql.insert(dreams).values(dream).onConflictDoNothing().returning();
  return row;
}

export async function findDream(sql: Sql, id: string, sight: Sight = {}): Promise<Dream | undefined> {
  const [row] = await sql
    .select()
    .from(dreams)
    .where(and(eq(dreams.id, id), seenBy(sight)));
  return row;
}

export async function lockDream(sql: Sql, id: string, sight: Sight = {}): Promise<Dream | undefined> {
  const [row] = await sql
    .select()
    .from(dreams)
    .where(and(eq(dreams.id, id), seenBy(sight)))
    .for('update');
  return row;
}

export async function updateDream(
  db: Sql,
  id: string,
  change: Partial<Omit<NewDreamRow, 'id' | 'owner'>>,
): Promise<Dream | undefined> {
  const [row] = await db
    .update(dreams)
    .set({ ...change, updatedAt: sql`now()` })
    .where(eq(dreams.id, id))
    .returning();
  return row;
}

export async function deleteDream(sql: Sql, id: string): Promise<void> {
  await sql.delete(dreams).where(eq(dreams.id, id));
}

/** Newest first. */
export const listDreams = (
  sql: Sql,
  { limit, after, ...sight }: Sight & { limit: number; after?: { createdAt: Date; id: string } | undefined },
): Promise<Dream[]> =>
  sql
    .select()
    .from(dreams)
    .where(
      and(
        seenBy(sight),
        after &&
          or(
            lt(dreams.createdAt, after.createdAt),
            and(eq(dreams.createdAt, after.createdAt), lt(dreams.id, after.id)),
          ),
      ),
    )
    .orderBy(desc(dreams.createdAt), desc(dreams.id))
    .limit(limit);
