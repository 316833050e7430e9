import { type AnyColumn, and, eq, lt, or } from 'drizzle-orm';

/** Whose rows may be seen. No owner: everybody's. */
export interface Sight {
  owner?: string | undefined;
}

export const seenBy = (column: AnyColumn, { owner }: Sight) => (owner === undefined ? undefined : eq(column, owner));

/** Where a page begins: after the last row of the one before. */
export interface After {
  createdAt: Date;
  id: string;
}

/** For lists whose newest row comes first. */
export const olderThan = (table: { createdAt: AnyColumn; id: AnyColumn }, after: After | undefined) =>
  after && or(lt(table.createdAt, after.createdAt), and(eq(table.createdAt, after.createdAt), lt(table.id, after.id)));
