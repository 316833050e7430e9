import { type Leftover, ownerless, settleLeftover, takeLeftovers } from '@reverie/db';
import type { Life } from '../jobs/life.ts';

/** Prefixes at once: enough to hide the way to S3, few enough for the pool of connections. */
const AT_ONCE = 4;
/** Keys looked up, and deleted, in one go. */
const BATCH = 100;

export interface Swept {
  files: number;
  bytes: number;
  /** Files by the stage that made them; '' for what is no stage's. */
  byStage: Map<string, number>;
}

/**
 * Deletes the files whose rows have gone. The note of where they are was written with the commit that removed the rows,
 * so a crash leaves files and never a row that points at nothing; and whatever is left the next sweep finds.
 */
export async function sweep(life: Pick<Life, 'db' | 'store' | 'log'>, signal: AbortSignal): Promise<Swept> {
  const swept: Swept = { files: 0, bytes: 0, byStage: new Map() };
  while (!signal.aborted) {
    const taken = await takeLeftovers(life.db, AT_ONCE);
    if (taken.length === 0) break;
    await Promise.all(
      taken.map((leftover) =>
        sweepOne(life, leftover, swept).catch((error: Error) =>
          life.log.warn({ prefix: leftover.prefix, error: error.message }, 'not swept; it is tried again'),
        ),
      ),
    );
  }
  return swept;
}

async function sweepOne({ db, store }: Pick<Life, 'db' | 'store'>, leftover: Leftover, swept: Swept): Promise<void> {
  let batch = new Map<string, number>();
  const clear = async () => {
    const gone = await ownerless(db, [...batch.keys()]);
    await Promise.all(gone.map((key) => store.delete(key)));
    for (const key of gone) {
      const stage = /^jobs\/[^/]+\/work\/([^/]+)\//.exec(key)?.[1] ?? '';
      swept.files++;
      swept.bytes += batch.get(key) ?? 0;
      swept.byStage.set(stage, (swept.byStage.get(stage) ?? 0) + 1);
    }
    batch = new Map();
  };
  for await (const { key, bytes } of store.list(leftover.prefix)) {
    batch.set(key, bytes);
    if (batch.size === BATCH) await clear();
  }
  if (batch.size > 0) await clear();
  await settleLeftover(db, leftover);
}
