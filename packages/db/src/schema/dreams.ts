import { type Aspect, type DreamMetadata, JOB_STATUSES, PRIORITIES } from '@reverie/contracts';
import { index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { at } from './columns.ts';

/** A dream and, in document 001's columns, what became of its video. */
export const dreams = pgTable(
  'dreams',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    owner: text('owner').notNull(),
    title: text('title'),
    transcript: text('transcript').notNull(),
    segments: jsonb('segments').$type<{ text: string }[]>(),
    style: text('style'),
    aspect: text('aspect').$type<Aspect>().notNull(),
    priority: text('priority', { enum: PRIORITIES }).notNull(),
    videoJobId: uuid('video_job_id'),
    videoStatus: text('video_status', { enum: JOB_STATUSES }),
    videoUrl: text('video_url'),
    videoMetadata: jsonb('video_metadata').$type<DreamMetadata>(),
    videoStartedAt: at('video_started_at'),
    videoCompletedAt: at('video_completed_at'),
    createdAt: at('created_at').notNull().defaultNow(),
    updatedAt: at('updated_at').notNull().defaultNow(),
  },
  (t) => [index('dreams_by_owner').on(t.owner, t.createdAt.desc(), t.id)],
);
