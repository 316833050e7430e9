import { sql } from 'drizzle-orm';
import { bigserial, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { at } from './columns.ts';
import { jobs } from './jobs.ts';

/** Where an owner wants to be called back. A job's own `callback_url` becomes one, too, without events to filter by. */
export const endpoints = pgTable(
  'endpoints',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    owner: text('owner').notNull(),
    url: text('url').notNull(),
    /** Event types it wants; none named: all. */
    events: text('events').array().notNull().default([]),
    /** whsec_…, the newest first; both sign while a rotation is under way. */
    secrets: text('secrets').array().notNull(),
    /** The secrets after the first sign for a day from here. */
    rotatedAt: at('rotated_at'),
    /** Set for the endpoint a job's `callback_url` made. It has no secrets of its own and signs with its owner's. */
    jobId: uuid('job_id').references(() => jobs.id, { onDelete: 'cascade' }),
    disabledAt: at('disabled_at'),
    disabledReason: text('disabled_reason'),
    createdAt: at('created_at').notNull().defaultNow(),
  },
  (t) => [
    // Partial: an owner has a few endpoints, and one more for every job with a `callback_url`.
    index('endpoints_by_owner').on(t.owner, t.createdAt).where(sql`job_id is null`),
    uniqueIndex('endpoints_one_per_job').on(t.jobId),
  ],
);

export const DELIVERY_STATUSES = ['pending', 'delivered', 'given up'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** One callback to one endpoint. Its id is the `webhook-id` and stays the same however often it is sent. */
export const deliveries = pgTable(
  'deliveries',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    endpointId: uuid('endpoint_id')
      .notNull()
      .references(() => endpoints.id, { onDelete: 'cascade' }),
    jobId: uuid('job_id').references(() => jobs.id, { onDelete: 'set null' }),
    type: text('type').notNull(),
    /** Rises, so that a receiver can put them in order: a job's events always do, as they are written one after the other. */
    sequence: bigserial('sequence', { mode: 'number' }).notNull(),
    payload: jsonb('payload').$type<Record<string, unknown>>().notNull(),
    status: text('status', { enum: DELIVERY_STATUSES }).notNull().default('pending'),
    /** Where in the schedule it is: tries since it was made, or since it was asked for again. */
    tries: integer('tries').notNull().default(0),
    /** When it is due; moved ahead while somebody is sending it. Given up: since when. */
    dueAt: at('due_at').notNull().defaultNow(),
    createdAt: at('created_at').notNull().defaultNow(),
    deliveredAt: at('delivered_at'),
  },
  (t) => [
    index('deliveries_in_sequence').on(t.endpointId, t.sequence),
    index('deliveries_due').on(t.dueAt).where(sql`status = 'pending'`),
    // A job that goes takes its deliveries along; without the index each would look through all of them.
    index('deliveries_by_job').on(t.jobId),
    index('deliveries_delivered').on(t.deliveredAt).where(sql`status = 'delivered'`),
  ],
);

/** The delivery log. */
export const deliveryTries = pgTable(
  'delivery_tries',
  {
    deliveryId: uuid('delivery_id')
      .notNull()
      .references(() => deliveries.id, { onDelete: 'cascade' }),
    number: integer('number').notNull(),
    at: at('at').notNull().defaultNow(),
    /** What the receiver answered; empty when there was no answer. */
    httpStatus: integer('http_status'),
    error: text('error'),
    ms: integer('ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.deliveryId, t.number] })],
);
