import { afterAll, describe, expect, test } from 'vitest';
import { DRILLS, type DrillName } from './support/drills.ts';
import { report } from './support/figures.ts';
import { runSeed } from './support/rng.ts';
import { copySources } from './support/sources.ts';

interface Mutant {
  what: string;
  file: string;
  text: string;
  by: string;
  /** What must notice. */
  drill: DrillName;
}

/** One mechanism taken out at a time. The suite is worth something only if it misses each of them. */
const MUTANTS: readonly Mutant[] = [
  {
    what: 'no reconcile',
    file: 'apps/api/src/heartbeat.ts',
    text: 'await reconcile(life);',
    by: 'void reconcile;',
    drill: 'chaos',
  },
  {
    what: 'the dispatched mark is trusted',
    file: 'apps/api/src/jobs/reconcile.ts',
    text: 'return !present.has(entry) || (isOverdue(task) && putOff.has(entry));',
    by: 'return isOverdue(task) && putOff.has(entry);',
    drill: 'a Redis that forgets',
  },
  {
    what: 'no idempotency key',
    file: 'apps/api/src/routes/jobs.ts',
    text: "key: request.headers['idempotency-key'] });",
    by: 'key: undefined });',
    drill: 'chaos',
  },
  {
    what: 'no idempotency key, looked at closely',
    file: 'apps/api/src/routes/jobs.ts',
    text: "key: request.headers['idempotency-key'] });",
    by: 'key: undefined });',
    drill: 'the same key again',
  },
  {
    what: 'no fence',
    file: 'apps/api/src/jobs/settle.ts',
    text: "if (task.attempt !== at.attempt || task.status !== 'running') return just('stale');",
    by: "if (task.status !== 'running') return just('stale');",
    drill: 'a late word of an earlier attempt',
  },
  {
    what: 'no fence, and a slow wire',
    file: 'apps/api/src/jobs/settle.ts',
    text: "if (task.attempt !== at.attempt || task.status !== 'running') return just('stale');",
    by: '',
    drill: 'a report that was long on its way',
  },
  {
    what: 'no replay',
    file: 'apps/api/src/jobs/settle.ts',
    text: 'if (attempt && attempt.outcome === report.status) return again(task, at.attempt);',
    by: 'void [attempt, again];',
    drill: 'the same report again',
  },
  {
    what: 'no trigger',
    file: 'drizzle/*_the_guards/migration.sql',
    text: 'CREATE TRIGGER tasks_guard BEFORE UPDATE ON tasks FOR EACH ROW EXECUTE FUNCTION guard_task();',
    by: 'SELECT 1;',
    drill: 'rows that somebody edits by hand',
  },
  {
    what: 'no trigger on jobs',
    file: 'drizzle/*_the_guards/migration.sql',
    text: 'CREATE TRIGGER jobs_guard BEFORE UPDATE ON jobs FOR EACH ROW EXECUTE FUNCTION guard_job();',
    by: 'SELECT 1;',
    drill: 'rows that somebody edits by hand',
  },
  {
    what: 'no manifest',
    file: 'apps/worker/src/take.ts',
    text: 'await manifests.ofEarlierAttempt(claim).catch(without)',
    by: 'undefined',
    drill: 'a worker that dies with its report',
  },
  {
    what: 'a claim is never the same claim',
    file: 'apps/api/src/jobs/claim.ts',
    text: "task.status === 'running' && task.claimId === request.claimId",
    by: "task.status === 'running' && task.claimId === request.claimId && request.run < 0",
    drill: 'the same claim again',
  },
  {
    what: 'what has ended can be claimed',
    file: 'apps/api/src/jobs/claim.ts',
    text: "if (!['waiting', 'dispatched', 'running'].includes(task.status)) return undefined;",
    by: '',
    drill: 'an old entry for a finished task',
  },
  {
    what: 'nobody locks the job',
    file: 'apps/api/src/jobs/hold.ts',
    text: 'const job = seen && (await lockJob(tx, seen.jobId));',
    by: 'const job = seen && (await (await import("@reverie/db")).findJob(tx, seen.jobId)); void lockJob;',
    drill: 'parts that end at the same moment',
  },
];

const seed = runSeed();
const noticed: Record<string, string> = {};
afterAll(() =>
  report('T22', `${Object.keys(noticed).length} of ${MUTANTS.length} mutants noticed, seed ${seed}`, { seed, noticed }),
);

describe('T22: nothing is wrong with the product as it is', () => {
  const drills = [...new Set(MUTANTS.map(({ drill }) => drill))];
  test.each(drills)('%s', async (drill) => {
    expect(await DRILLS[drill](undefined, seed), `REVERIE_SEED=${seed}`).toEqual([]);
  });
});

describe('T22: a product without one of its mechanisms is found out', () => {
  test.each(MUTANTS)('$what', async ({ what, file, text, by, drill }) => {
    await using sources = await copySources();
    await sources.replace(file, text, by);
    const wrong = await DRILLS[drill](sources.root, seed).catch((error: Error) => [
      `it ended with: ${error.message.slice(0, 300)}`,
    ]);
    expect(wrong, `${drill} did not notice; REVERIE_SEED=${seed}`).not.toEqual([]);
    noticed[what] = wrong[0]!;
  });
});
