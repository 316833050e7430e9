import type { Database } from '@reverie/db';
import type { Producer } from '@reverie/queue';
import type { Life } from '../../apps/api/src/jobs/life.ts';

/** The life of a job without an API around it: for what only shows when thousands of its verbs meet. */
export const inProcessLife = (
  db: Database,
  { queue, subjects }: { queue: Producer; subjects: Life['subjects'] },
): Life => {
  const nothing = () => {};
  return {
    ...{ db, reports: db, queue, subjects },
    signals: { stop: async () => {}, onStop: async () => {}, close: async () => {} },
    store: {},
    house: { defaults: {}, abilities: [], cacheHours: 0 },
    backoffBaseSeconds: 0,
    jobTimeoutMinutes: 600,
    wake: nothing,
    log: { warn: nothing, info: nothing, error: nothing },
  } as unknown as Life;
};
