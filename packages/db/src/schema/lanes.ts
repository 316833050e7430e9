import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { at } from './columns.ts';

export const LANE_KINDS = ['owner', 'fleet', 'pipeline', 'provider'] as const;
export type LaneKind = (typeof LANE_KINDS)[number];

/** What an operator has said about an owner, a fleet, a pipeline or a provider, or a provider about itself. Nothing said: weight 1, no cap, not paused. */
export const lanes = pgTable(
  'lanes',
  {
    kind: text('kind', { enum: LANE_KINDS }).notNull(),
    name: text('name').notNull(),
    /** An owner of weight 3 has three times the work in flight of one of weight 1. */
    weight: integer('weight').notNull().default(1),
    /** Tasks in flight at most. */
    cap: integer('cap'),
    pausedAt: at('paused_at'),
    /** When the pause ends by itself. */
    pausedUntil: at('paused_until'),
    reason: text('reason'),
    updatedAt: at('updated_at').notNull().defaultNow(),
  },
  (t) => [primaryKey({ columns: [t.kind, t.name] })],
);
