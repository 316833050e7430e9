import { FLEETS, type Fleet } from '@reverie/contracts';
import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { at } from './columns.ts';

/** Workers that gave a sign of life: how wide each fleet's dispatch window may be. */
export const workers = pgTable(
  'workers',
  {
    id: text('id').notNull(),
    fleet: text('fleet', { enum: FLEETS }).$type<Fleet>().notNull(),
    slots: integer('slots').notNull(),
    busy: integer('busy').notNull(),
    seenAt: at('seen_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.id, t.fleet] })],
);
