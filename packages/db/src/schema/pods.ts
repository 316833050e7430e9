import { pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { at } from './columns.ts';

/** Who is at a pod: one task at a time, whichever worker has it. Whether it still is, its own row says. */
export const pods = pgTable('pods', {
  name: text('name').primaryKey(),
  taskId: uuid('task_id'),
  takenAt: at('taken_at').notNull().defaultNow(),
});
