import {
  type EndedAt,
  endedLongAgo,
  filesOfOnly,
  forgetLogs,
  holdRemovable,
  recordAudit,
  removeJobs,
} from '@reverie/db';
import type { Life } from '../jobs/life.ts';
import { sweep } from './sweep.ts';

/** Jobs looked at in one transaction. */
const BATCH = 100;
const LOGS_BATCH = 2_000;
/** A caller should have an answer before a proxy gives up on it; what is left then, the next call does. */
const PATIENCE_MS = 20_000;

export interface Cleanup {
  maxAgeHours: number;
  /** The logs in the database, too. */
  deep: boolean;
  /** Only count. */
  dryRun: boolean;
  /** Who asks for it. */
  owner: string;
}

export interface CleanedUp {
  jobs: number;
  files: number;
  bytes: number;
  /** There was more to do than time. */
  more: boolean;
}

type House = Pick<Life, 'db' | 'store' | 'log'>;

/** Removes jobs that ended long ago, with everything that is only theirs. Calls at the same time share the work. */
export async function cleanup(house: House, wish: Cleanup, stopping?: AbortSignal): Promise<CleanedUp> {
  const signal = AbortSignal.any([AbortSignal.timeout(PATIENCE_MS), ...(stopping ? [stopping] : [])]);
  const { owner, ...details } = wish;
  if (!wish.dryRun) await recordAudit(house.db, { owner, action: 'cleanup', details });
  const sum: CleanedUp = { jobs: 0, files: 0, bytes: 0, more: false };
  const add = ({ jobs = 0, files, bytes }: { jobs?: number; files: number; bytes: number }) => {
    sum.jobs += jobs;
    sum.files += files;
    sum.bytes += bytes;
  };

  let after: EndedAt | undefined;
  do {
    const batch = await endedLongAgo(house.db, { hours: wish.maxAgeHours, after, limit: BATCH });
    add(
      await (wish.dryRun ? count : remove)(
        house,
        batch.map(({ id }) => id),
      ),
    );
    if (!wish.dryRun) add(await sweep(house, signal));
    after = batch.at(-1);
    sum.more = after !== undefined && signal.aborted;
  } while (after !== undefined && !sum.more);

  let logs = wish.deep && !wish.dryRun;
  while (logs && !sum.more) {
    logs = (await forgetLogs(house.db, wish.maxAgeHours, LOGS_BATCH)) === LOGS_BATCH;
    sum.more = logs && signal.aborted;
  }
  if (!wish.dryRun) await recordAudit(house.db, { owner, action: 'cleanup done', details: { ...details, ...sum } });
  return sum;
}

/** Their rows in one transaction, with a note of where their files are; the files after it. */
const remove = ({ db }: House, ids: string[]) =>
  db.transaction(async (tx) => {
    const held = await holdRemovable(tx, ids);
    if (held.length > 0) await removeJobs(tx, held);
    return { jobs: held.length, files: 0, bytes: 0 };
  });

const count = ({ db }: House, ids: string[]) =>
  db.transaction(async (tx) => {
    const held = await holdRemovable(tx, ids);
    return { jobs: held.length, ...(await filesOfOnly(tx, held)) };
  });
