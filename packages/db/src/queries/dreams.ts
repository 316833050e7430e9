import { and, desc, eq, sql } from 'drizzle-orm';
import type { Database, Sql } from '../open.ts';
import { dreams } from '../schema/dreams.ts';
import { jobs } from '../schema/jobs.ts';
import { type After, olderThan, type Sight, seenBy } from './sight.ts';

export type Dream = typeof dreams.$inferSelect;
export type NewDreamRow = typeof dreams.$inferInsert;

/** Undefined when the id is taken. */
export async function insertDream(sql: Sql, dream: NewDreamRow): Promise<Dream | undefined> {
  const [row] = await sql.insert(dreams).values(dream).onConflictDoNothing().returning();
  return row;
}

export async function findDream(sql: Sql, id: string, sight: Sight = {}): Promise<Dream | undefined> {
  const [row] = await sql
    .select()
    .from(dreams)
    .where(and(eq(dreams.id, id), seenBy(dreams.owner, sight)));
  return row;
}

export async function lockDream(sql: Sql, id: string, sight: Sight = {}): Promise<Dream | undefined> {
  const [row] = await sql
    .select()
    .from(dreams)
    .where(and(eq(dreams.id, id), seenBy(dreams.owner, sight)))
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

/** The dream and its jobs, whose inputs hold its words. The jobs' ids come back: their files are to go, too. */
export async function deleteDream(db: Database, id: string): Promise<string[]> {
  return db.transaction(async (tx) => {
    await tx.delete(dreams).where(eq(dreams.id, id));
    const gone = await tx.delete(jobs).where(eq(jobs.subject, id)).returning({ id: jobs.id });
    return gone.map((job) => job.id);
  });
}

/** Newest first. */
export const listDreams = (
  sql: Sql,
  { limit, after, ...sight }: Sight & { limit: number; after?: After | undefined },
): Promise<Dream[]> =>
  sql
    .select()
    .from(dreams)
    .where(and(seenBy(dreams.owner, sight), olderThan(dreams, after)))
    .orderBy(desc(dreams.createdAt), desc(dreams.id))
    .limit(limit);
