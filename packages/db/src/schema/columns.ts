import { type SQL, sql } from 'drizzle-orm';
import { type AnyPgColumn, timestamp } from 'drizzle-orm/pg-core';

/** Every time in the database is an instant, decided by Postgres's clock; in milliseconds, as JavaScript has them, so that a cursor compares equal. */
export const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 });

/** For a check: Postgres also knows infinity and the year 20,000, and no answer of ours could hold them. */
export const isTime = (column: AnyPgColumn): SQL => {
  const name = sql.identifier(column.name);
  return sql`${name} >= '1970-01-01Z' and ${name} < '3000-01-01Z'`;
};
