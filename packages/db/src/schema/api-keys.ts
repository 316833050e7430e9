import { pgTable, text } from 'drizzle-orm/pg-core';
import { at } from './columns.ts';

export const SCOPES = ['submit', 'read', 'admin', 'worker'] as const;
export type Scope = (typeof SCOPES)[number];

/** An API key. Its secret part is 256 random bits, so a plain SHA-256 keeps it. */
export const apiKeys = pgTable('api_keys', {
  id: text('id').primaryKey(),
  owner: text('owner').notNull(),
  name: text('name').notNull(),
  secretHash: text('secret_hash').notNull(),
  scopes: text('scopes').$type<Scope>().array().notNull(),
  createdAt: at('created_at').notNull().defaultNow(),
  expiresAt: at('expires_at'),
  revokedAt: at('revoked_at'),
  lastUsedAt: at('last_used_at'),
});
