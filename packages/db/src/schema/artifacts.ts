import { bigint, index, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { at } from './columns.ts';
import { jobs } from './jobs.ts';

/** The files a finished stage gave. */
export const artifacts = pgTable(
  'artifacts',
  {
    key: text('key').primaryKey(),
    jobId: uuid('job_id')
      .notNull()
      .references(() => jobs.id, { onDelete: 'cascade' }),
    stage: text('stage').notNull(),
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
    contentType: text('content_type').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [index('artifacts_by_job').on(t.jobId)],
);
