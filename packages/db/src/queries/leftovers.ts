import { eq, inArray, sql } from 'drizzle-orm';
import type { Sql } from '../open.ts';
import { artifacts } from '../schema/artifacts.ts';
import { dreams } from '../schema/dreams.ts';
import { jobs } from '../schema/jobs.ts';
import { leftovers } from '../schema/leftovers.ts';
import { tasks } from '../schema/tasks.ts';
import { uploads } from '../schema/uploads.ts';

export interface Leftover {
  prefix: string;
  /** Nothing more can come there. */
  final: boolean;
}

/** Takes what is due; for a minute nobody else does. Whoever dies with it leaves it to be due again. */
export async function takeLeftovers(db: Sql, limit: number): Promise<Leftover[]> {
  const due = sql`(select prefix from leftovers where due_at <= now() order by due_at limit ${limit} for update skip locked)`;
  return db
    .update(leftovers)
    .set({ dueAt: sql`now() + interval '1 minute'` })
    .where(inArray(leftovers.prefix, due))
    .returning({ prefix: leftovers.prefix, final: sql<boolean>`${leftovers.until} <= now()` });
}

/** It was swept: for good, or until something could have come there again. */
export async function settleLeftover(db: Sql, { prefix, final }: Leftover): Promise<void> {
  if (final) await db.delete(leftovers).where(eq(leftovers.prefix, prefix));
  else
    await db
      .update(leftovers)
      .set({ dueAt: sql`${leftovers.until}` })
      .where(eq(leftovers.prefix, prefix));
}

/** A folder below which every name begins with the id of a row here: while the row is there, so are its files. */
const OWNERS = { jobs, tasks, dreams, uploads, segments: jobs };
const OWNED = /^(jobs|tasks|dreams|uploads|segments)\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\//;

/** Of these keys, those that no row has to do with any more. */
export async function ownerless(db: Sql, keys: string[]): Promise<string[]> {
  const recorded = await db.select({ key: artifacts.key }).from(artifacts).where(inArray(artifacts.key, keys));
  const kept = new Set(recorded.map(({ key }) => key));
  const ownerOf = new Map(keys.map((key) => [key, OWNED.exec(key)?.slice(1) as [keyof typeof OWNERS, string]]));
  for (const [folder, table] of Object.entries(OWNERS)) {
    const ids = [...new Set([...ownerOf.values()].flatMap((of) => (of?.[0] === folder ? [of[1]] : [])))];
    if (ids.length === 0) continue;
    const there = await db.select({ id: table.id }).from(table).where(inArray(table.id, ids));
    const alive = new Set(there.map(({ id }) => id));
    for (const [key, of] of ownerOf) if (of?.[0] === folder && alive.has(of[1])) kept.add(key);
  }
  return keys.filter((key) => !kept.has(key));
}
