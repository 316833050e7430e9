import { bigint, index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { at } from './columns.ts';
import { jobs } from './jobs.ts';

/** The files a finished stage gave. A result that was used again belongs to several jobs, and goes with the last of them. */
export const artifacts = pgTable(
  'artifacts',
  {
    key: text('key').notNull(),
    jobId: uuid('job_id')
      .notNull()
      .references(() => jobs.id, { onDelete: 'cascade' }),
    stage: text('stage').notNull(),
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
    contentType: text('content_type').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.key, t.jobId] }), index('artifacts_by_job').on(t.jobId)],
);
