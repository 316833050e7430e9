import { index, integer, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { at } from './columns.ts';
import { jobs } from './jobs.ts';

/** Document 003's record of a segment that is done, written with the commit that settles it. */
export const segmentCompletions = pgTable(
  'segment_completions',
  {
    /** As whoever submitted the job calls it. */
    jobId: text('job_id').notNull(),
    segmentIndex: integer('segment_index').notNull(),
    totalSegments: integer('total_segments').notNull(),
    outputS3Uri: text('output_s3_uri').notNull(),
    completedAt: at('completed_at').notNull().defaultNow(),
    /** The job's row. */
    job: uuid('job')
      .notNull()
      .references(() => jobs.id, { onDelete: 'cascade' }),
  },
  (t) => [primaryKey({ columns: [t.jobId, t.segmentIndex] }), index('segment_completions_by_job').on(t.job)],
);
