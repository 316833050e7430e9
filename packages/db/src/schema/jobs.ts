import { type FailureReport, JOB_STATUSES, PRIORITIES } from '@reverie/contracts';
import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, jsonb, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { at, isTime } from './columns.ts';

/** A failure as a job has it: where it happened. Of a stage of many parts, which ones are missing. */
export type JobError = FailureReport & { stage: string; parts?: number[] };

/** What a caller asked for: one input through one pipeline. Whoever may write here may ask by a row, too: pipeline and input are enough. */
export const jobs = pgTable(
  'jobs',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    owner: text('owner').notNull().default('default'),
    pipeline: text('pipeline').notNull(),
    status: text('status', { enum: JOB_STATUSES }).notNull().default('queued'),
    priority: text('priority', { enum: PRIORITIES }).notNull().default('normal'),
    input: jsonb('input').$type<Record<string, unknown>>().notNull(),
    /** The row the job works for: a dream's id. */
    subject: uuid('subject'),
    /** Whatever the caller wants to find again; given back untouched. */
    metadata: jsonb('metadata').$type<Record<string, unknown>>(),
    idempotencyKey: text('idempotency_key'),
    bodyHash: text('body_hash'),
    /** Counts manual retries. */
    run: integer('run').notNull().default(0),
    /** Nothing of it is dispatched until somebody releases it. */
    held: boolean('held').notNull().default(false),
    /** Not begun by then: it is no longer wanted. */
    startBy: at('start_by'),
    /** Not finished by then: it is ended. */
    deadline: at('deadline'),
    callbackUrl: text('callback_url'),
    /** What an equal job would have: pipeline, version and input. */
    cacheKey: text('cache_key'),
    /** The job whose results this one was given. */
    cachedFrom: uuid('cached_from'),
    /** Stages that are left out, and why. */
    without: jsonb('without').$type<Record<string, string>>(),
    /** False: somebody wrote the row himself, and nobody has looked at it yet. */
    admitted: boolean('admitted').notNull().default(false),
    error: jsonb('error').$type<JobError>(),
    createdAt: at('created_at').notNull().defaultNow(),
    updatedAt: at('updated_at').notNull().defaultNow(),
    startedAt: at('started_at'),
    endedAt: at('ended_at'),
  },
  (t) => [
    // Whoever writes a row himself is told at once of what no answer of ours could hold.
    check('jobs_input_is_an_object', sql`jsonb_typeof(input) = 'object'`),
    check('jobs_metadata_is_an_object', sql`jsonb_typeof(metadata) = 'object'`),
    check('jobs_status_is_one', sql`status in ('queued', 'processing', 'completed', 'failed', 'cancelled')`),
    check('jobs_priority_is_one', sql`priority in ('high', 'normal', 'low')`),
    check('jobs_error_is_one', sql`error ?& array['code', 'message', 'stage']`),
    check('jobs_start_by_is_a_time', isTime(t.startBy)),
    check('jobs_deadline_is_a_time', isTime(t.deadline)),
    check('jobs_created_at_is_a_time', isTime(t.createdAt)),
    check('jobs_updated_at_is_a_time', isTime(t.updatedAt)),
    check('jobs_started_at_is_a_time', isTime(t.startedAt)),
    check('jobs_ended_at_is_a_time', isTime(t.endedAt)),
    uniqueIndex('jobs_owner_idempotency_key').on(t.owner, t.idempotencyKey),
    index('jobs_by_owner').on(t.owner, t.createdAt.desc(), t.id),
    index('jobs_by_status').on(t.status, t.createdAt.desc()),
    /** Counted without a look at the rows: of a million, 6 MB instead of 430. */
    index('jobs_by_pipeline').on(t.pipeline, t.status),
    index('jobs_to_admit').on(t.createdAt).where(sql`not admitted`),
    index('jobs_by_end').on(t.endedAt, t.id).where(sql`ended_at is not null`),
    index('jobs_to_expire').on(t.startBy).where(sql`status = 'queued' and start_by is not null`),
    index('jobs_past_deadline').on(t.deadline).where(sql`status in ('queued', 'processing') and deadline is not null`),
    index('jobs_to_reuse')
      .on(t.owner, t.cacheKey, t.endedAt)
      .where(sql`status = 'completed' and cache_key is not null`),
    /** Which live job needs an upload: "upload:" and an id are 43 letters, and an index takes no long addresses. */
    index('jobs_by_upload')
      .on(sql`left(lower(input ->> 'sourceUrl'), 43)`)
      .where(sql`status in ('queued', 'processing')`),
    /** At most one live job works for a dream. */
    uniqueIndex('jobs_one_live_per_subject').on(t.subject).where(sql`status in ('queued', 'processing')`),
  ],
);
