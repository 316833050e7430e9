import { UPLOAD_STATUSES } from '@reverie/contracts';
import { bigint, index, integer, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { at } from './columns.ts';

/** A file on its way here, in parts. It is a source once it is complete. */
export const uploads = pgTable(
  'uploads',
  {
    id: uuid('id').primaryKey().defaultRandom(),
    owner: text('owner').notNull(),
    /** As the caller calls it; no part of any key. */
    filename: text('filename').notNull(),
    contentType: text('content_type').notNull(),
    bytes: bigint('bytes', { mode: 'number' }).notNull(),
    partBytes: integer('part_bytes').notNull(),
    status: text('status', { enum: UPLOAD_STATUSES }).notNull().default('open'),
    /** The store's own name for the upload while it is open. */
    token: text('token').notNull(),
    createdAt: at('created_at').notNull().defaultNow(),
    /** An open upload that nobody finishes goes then. */
    expiresAt: at('expires_at').notNull(),
    completedAt: at('completed_at'),
  },
  (t) => [index('uploads_by_owner').on(t.owner, t.createdAt.desc(), t.id), index('uploads_to_expire').on(t.expiresAt)],
);
