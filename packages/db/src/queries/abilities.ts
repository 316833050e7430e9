import type { Ability } from '@reverie/contracts';
import { gt, sql } from 'drizzle-orm';
import type { Sql } from '../open.ts';
import { abilities } from '../schema/abilities.ts';

export async function seeAbilities(db: Sql, names: readonly Ability[]): Promise<void> {
  if (names.length === 0) return;
  await db
    .insert(abilities)
    .values(names.map((name) => ({ name })))
    .onConflictDoUpdate({ target: abilities.name, set: { seenAt: sql`now()` } });
}

/** What workers of the last week could do: a fleet that is scaled to nothing is still there. */
export async function knownAbilities(db: Sql): Promise<Ability[]> {
  const rows = await db
    .select({ name: abilities.name })
    .from(abilities)
    .where(gt(abilities.seenAt, sql`now() - interval '7 days'`));
  return rows.map(({ name }) => name);
}
