import { and, asc, eq, gt, isNull, lt, or, sql } from 'drizzle-orm';
import type { Sql } from '../open.ts';
import { apiKeys } from '../schema/api-keys.ts';

export type ApiKey = typeof apiKeys.$inferSelect;

export async function insertApiKey(sql: Sql, key: typeof apiKeys.$inferInsert): Promise<void> {
  await sql.insert(apiKeys).values(key);
}

/** The key, unless it was revoked or has expired. */
export async function liveApiKey(db: Sql, id: string): Promise<ApiKey | undefined> {
  const [row] = await db
    .select()
    .from(apiKeys)
    .where(
      and(
        eq(apiKeys.id, id),
        isNull(apiKeys.revokedAt),
        or(isNull(apiKeys.expiresAt), gt(apiKeys.expiresAt, sql`now()`)),
      ),
    );
  return row;
}

/** Coarse on purpose: one write an hour and key. */
export async function touchApiKey(db: Sql, id: string): Promise<void> {
  await db
    .update(apiKeys)
    .set({ lastUsedAt: sql`now()` })
    .where(
      and(eq(apiKeys.id, id), or(isNull(apiKeys.lastUsedAt), lt(apiKeys.lastUsedAt, sql`now() - interval '1 hour'`))),
    );
}

export const listApiKeys = (sql: Sql): Promise<ApiKey[]> => sql.select().from(apiKeys).orderBy(asc(apiKeys.createdAt));

export async function revokeApiKey(db: Sql, id: string): Promise<boolean> {
  const rows = await db
    .update(apiKeys)
    .set({ revokedAt: sql`now()` })
    .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
    .returning({ id: apiKeys.id });
  return rows.length === 1;
}
