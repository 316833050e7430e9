import { sql } from 'drizzle-orm';
import { index, pgTable, text } from 'drizzle-orm/pg-core';
import { at } from './columns.ts';

/** Workers that have not heard of an end by then never will: their lease is ten seconds. */
export const LATE = sql`interval '1 hour'`;

/** Where files may be whose rows are gone: written with the commit that removes the rows, swept after it. */
export const leftovers = pgTable(
  'leftovers',
  {
    /** A key, or all keys that begin so. */
    prefix: text('prefix').primaryKey(),
    /** Moved ahead while somebody is sweeping there. */
    dueAt: at('due_at').notNull().defaultNow(),
    /** Until then a worker that has not heard yet may still put something there: it is swept once more. */
    until: at('until').notNull(),
  },
  (t) => [index('leftovers_due').on(t.dueAt)],
);
