import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { drain } from './support/chaos.ts';
import { check, wrongs } from './support/checker.ts';
import { hasRedis, startCluster } from './support/cluster.ts';
import { percentile, report, scaled, seconds } from './support/figures.ts';
import { openLedger } from './support/ledger.ts';
import { rngOf, runSeed } from './support/rng.ts';
import { submitMany } from './support/submitter.ts';

const A_SECOND = 8;

test.skipIf(!hasRedis())(
  'T6: without Redis every submit is answered as ever, and work goes on when it is back',
  async () => {
    const seed = runSeed();
    const ledger = openLedger();
    const awaySeconds = scaled(30, 8);
    await using cluster = await startCluster({ apis: 2, workers: 2, judge: (exchange) => void ledger.saw(exchange) });
    const { url, db } = cluster;
    const submitFor = async (forSeconds: number, prefix: string) => {
      const before = ledger.accepted.length;
      const load = { url, ledger, rng: rngOf(seed), jobs: forSeconds * A_SECOND, overMs: forSeconds * 1_000, again: 0 };
      await submitMany({ ...load, prefix });
      return ledger.accepted.slice(before);
    };
    const pids = [...cluster.apis, ...cluster.workers].map(({ pid }) => pid);

    await submitFor(3, 'warm');
    const asEver = (await submitFor(10, 'before')).map(({ ms }) => ms);
    await cluster.redis!.kill();
    const meanwhile = await submitFor(awaySeconds, 'away');
    await cluster.redis!.start();
    const backAt = Date.now();
    const resumedMs = await eventually('a task to be started again', async () => {
      const { rows } = await db.query<{ ms: number | null }>(
        'select extract(epoch from min(started_at)) * 1000 - $1 as ms from attempts where started_at > to_timestamp($1 / 1000.0)',
        [backAt],
      );
      return rows[0]!.ms !== null && Number(rows[0]!.ms);
    });
    await drain(cluster);
    await sleep(300);
    const verdicts = await check(cluster, ledger);

    const [before, away] = [
      percentile(asEver, 99),
      percentile(
        meanwhile.map(({ ms }) => ms),
        99,
      ),
    ];
    report(
      'T6',
      `${meanwhile.length} submits in ${awaySeconds} s without Redis, p99 ${before.toFixed(0)} ms before and ${away.toFixed(0)} ms meanwhile, ` +
        `${verdicts.lost.length} lost, resumed ${seconds(resumedMs)} after it was back`,
      {
        seed,
        awaySeconds,
        submits: meanwhile.length,
        p99Before: before,
        p99Away: away,
        resumedMs,
        ...verdicts.figures,
      },
    );
    expect(wrongs(verdicts), `REVERIE_SEED=${seed}`).toEqual([]);
    expect(meanwhile.length).toBe(awaySeconds * A_SECOND);
    expect(meanwhile.every(({ status }) => status === 202)).toBe(true);
    // With nothing to do for the workers it is rather faster; waiting for the queue would show as seconds.
    expect(away).toBeLessThanOrEqual(Math.max(1.5 * before, before + 100));
    expect(resumedMs).toBeLessThanOrEqual(5_000);
    expect([...cluster.apis, ...cluster.workers].map(({ pid }) => pid)).toEqual(pids);
  },
);
