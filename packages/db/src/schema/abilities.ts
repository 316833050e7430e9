import type { Ability } from '@reverie/contracts';
import { pgTable, text } from 'drizzle-orm/pg-core';
import { at } from './columns.ts';

/** What some worker has said it can do. Kept for a while, as fleets may be scaled to nothing between jobs. */
export const abilities = pgTable('abilities', {
  name: text('name').$type<Ability>().primaryKey(),
  seenAt: at('seen_at').notNull().defaultNow(),
});
