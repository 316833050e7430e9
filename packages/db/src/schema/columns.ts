import { timestamp } from 'drizzle-orm/pg-core';

/** Every time in the database is an instant, decided by Postgres's clock; in milliseconds, as JavaScript has them, so that a cursor compares equal. */
export const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date', precision: 3 });
