import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { drain } from './support/chaos.ts';
import { check, wrongs } from './support/checker.ts';
import { startCluster } from './support/cluster.ts';
import { percentile, report, scaled, seconds } from './support/figures.ts';
import { openLedger } from './support/ledger.ts';
import { rngOf, runSeed } from './support/rng.ts';
import { submitMany } from './support/submitter.ts';

const EVERY_MS = 10_000;

test('T21: workers are replaced every 10 s under load; nothing is charged to a task, and each is gone within 10 s', async () => {
  const seed = runSeed();
  const ledger = openLedger();
  const rounds = scaled(12, 2);
  await using cluster = await startCluster({
    apis: 2,
    workers: 3,
    workerEnv: { CPU_SLOTS: '4', IO_SLOTS: '4' },
    judge: (exchange) => void ledger.saw(exchange),
  });
  const exits: number[] = [];
  const ends: string[] = [];
  const replace = async (again: boolean) => {
    await Promise.all(
      cluster.workers.map(async (worker, i) => {
        await sleep(i * 500); // one after the other, as a deploy does
        const began = performance.now();
        ends.push(await worker.end('SIGTERM'));
        exits.push(performance.now() - began);
        if (again) await worker.start();
      }),
    );
  };
  const load = submitMany({
    ...{ url: cluster.url, ledger, rng: rngOf(seed), jobs: rounds * 30, overMs: rounds * EVERY_MS },
    // Long enough that most of them are interrupted in the middle.
    input: (rng) => ({ bytes: rng.int(1, 2_000), parts: rng.int(1, 2), seconds: rng.pick([0, 0.5, 2, 4]) }),
  });
  for (let round = 0; round < rounds; round++) {
    const [, took] = await Promise.all([sleep(EVERY_MS), replace(true)]);
    void took;
  }
  await load;
  await drain(cluster);
  const verdicts = await check(cluster, ledger);
  const { figures } = verdicts;

  // And once with the queue away while they hold tasks.
  const calmExits = exits.splice(0);
  if (cluster.redis) {
    await submitMany({
      ...{ url: cluster.url, ledger, rng: rngOf(seed + 1), jobs: 12, prefix: 'away' },
      input: () => ({ bytes: 10, parts: 1, seconds: 30 }),
    });
    await sleep(2_000);
    await cluster.redis.kill();
    await sleep(1_000);
    await replace(false);
  }
  const charged = await cluster.db.query<{ n: number }>('select coalesce(sum(failures), 0)::int as n from tasks');

  const worst = Math.max(...calmExits);
  const worstAway = Math.max(0, ...exits);
  report(
    'T21',
    `${calmExits.length} exits p50 ${seconds(percentile(calmExits, 50))} most ${seconds(worst)}, without Redis most ${seconds(worstAway)}; ` +
      `${figures.jobs} jobs, ${figures.releasedAttempts} handed back, ${figures.failedAttempts} failed, ${figures.lostAttempts} lost`,
    { seed, exits: calmExits.length, worst, worstAway, ...figures },
  );
  expect(wrongs(verdicts), `REVERIE_SEED=${seed}`).toEqual([]);
  expect(charged.rows[0]!.n).toBe(0);
  expect({ failed: figures.failedAttempts, lost: figures.lostAttempts }).toEqual({ failed: 0, lost: 0 });
  expect(figures.releasedAttempts).toBeGreaterThan(0);
  expect(ends.filter((how) => !how.endsWith('code 0'))).toEqual([]);
  expect(worst).toBeLessThanOrEqual(10_000);
  expect(worstAway).toBeLessThanOrEqual(10_000);
});
