import { type FailureReport, FLEETS, TASK_STATUSES } from '@reverie/contracts';
import { sql } from 'drizzle-orm';
import {
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';
import { at } from './columns.ts';
import { jobs } from './jobs.ts';

/** One stage of one job, or one part of a fan-out. While it waits, the row is the outbox and the backlog. */
export const tasks = pgTable(
  'tasks',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    jobId: uuid('job_id')
      .notNull()
      .references(() => jobs.id, { onDelete: 'cascade' }),
    stage: text('stage').notNull(),
    part: integer('part').notNull().default(0),
    fleet: text('fleet', { enum: FLEETS }).notNull(),
    status: text('status', { enum: TASK_STATUSES }).notNull().default('waiting'),
    /** The job's owner, pipeline and hold, where dispatch can read them off an index. */
    owner: text('owner').notNull(),
    pipeline: text('pipeline').notNull(),
    held: boolean('held').notNull().default(false),
    /** What it needs is still to come from outside; until then it is held. */
    awaited: boolean('awaited').notNull().default(false),
    /** Whom the stage asks, so that it can wait while that one is paused. */
    provider: text('provider'),
    /** 0 high, 1 normal, 2 low: the job's priority where dispatch can sort by it. */
    rank: smallint('rank').notNull(),
    run: integer('run').notNull().default(0),
    /** Starts so far, and the fence: it only ever rises. */
    attempt: integer('attempt').notNull().default(0),
    /** Attempts that count against the stage's limit. */
    failures: integer('failures').notNull().default(0),
    /** Attempts whose worker vanished. */
    crashes: integer('crashes').notNull().default(0),
    claimId: uuid('claim_id'),
    worker: text('worker'),
    /** Why there was nothing to do; `output` is what the stage gives instead. */
    leftOut: text('left_out'),
    item: jsonb('item').$type<unknown>(),
    output: jsonb('output').$type<Record<string, unknown>>(),
    error: jsonb('error').$type<FailureReport>(),
    createdAt: at('created_at').notNull().defaultNow(),
    dispatchedAt: at('dispatched_at'),
    /** After a failed attempt: when the next one is due. */
    retryAt: at('retry_at'),
    startedAt: at('started_at'),
    endedAt: at('ended_at'),
  },
  (t) => [
    uniqueIndex('tasks_one_per_part').on(t.jobId, t.stage, t.part),
    index('tasks_waiting').on(t.fleet, t.owner, t.rank, t.createdAt).where(sql`status = 'waiting' and not held`),
    index('tasks_in_flight').on(t.fleet, t.owner, t.dispatchedAt).where(sql`status in ('dispatched', 'running')`),
  ],
);

export const ATTEMPT_OUTCOMES = ['running', 'completed', 'failed', 'released', 'lost', 'cancelled'] as const;

/** Who tried a task when, and how it ended. */
export const attempts = pgTable(
  'attempts',
  {
    taskId: uuid('task_id')
      .notNull()
      .references(() => tasks.id, { onDelete: 'cascade' }),
    attempt: integer('attempt').notNull(),
    worker: text('worker').notNull(),
    outcome: text('outcome', { enum: ATTEMPT_OUTCOMES }).notNull().default('running'),
    error: jsonb('error').$type<FailureReport>(),
    startedAt: at('started_at').notNull().defaultNow(),
    endedAt: at('ended_at'),
  },
  (t) => [primaryKey({ columns: [t.taskId, t.attempt] }), index('attempts_by_end').on(t.endedAt)],
);
