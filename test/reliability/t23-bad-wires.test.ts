import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { drain } from './support/chaos.ts';
import { check, wrongs } from './support/checker.ts';
import { startCluster } from './support/cluster.ts';
import { report, scaled, seconds } from './support/figures.ts';
import { openLedger } from './support/ledger.ts';
import type { Fault } from './support/proxy.ts';
import { rngOf, runSeed } from './support/rng.ts';
import { submitJob, submitMany } from './support/submitter.ts';
import { ended } from './support/watching.ts';

const TOXICS: readonly Fault[] = [
  { kind: 'half-open' },
  { kind: 'stall' },
  { kind: 'cut' },
  { kind: 'latency', ms: 400 },
  { kind: 'trickle', bytesPerSecond: 400 },
  { kind: 'drop after', bytes: 2_000 },
];
const LINKS = ['postgres', 'redis', 'api'] as const;
const RECOVERED_WITHIN_MS = 10_000;
/** With this long without a recovery it is not slow, it is stuck. */
const GIVE_UP_SECONDS = 90;

test('T23: every kind of bad wire on every link; after it is healed work goes on within 10 s', async () => {
  const seed = runSeed();
  const ledger = openLedger();
  const toxicMs = scaled(20_000, 4_000);
  await using cluster = await startCluster({
    apis: 2,
    workers: 2,
    judge: (exchange) => void ledger.saw(exchange),
  });
  const { url } = cluster;
  const recoveries: Record<string, number> = {};
  for (const link of LINKS) {
    for (const toxic of TOXICS) {
      const name = `${toxic.kind} to ${link}`;
      const load = submitMany({
        ...{ url, ledger, rng: rngOf(seed), jobs: Math.ceil(toxicMs / 500), overMs: toxicMs, prefix: name },
        abreast: 4,
      });
      for (const wire of cluster.wiresTo(link)) wire.become(toxic);
      await sleep(toxicMs);
      for (const wire of cluster.wiresTo(link)) wire.heal();
      const healed = performance.now();
      const key = `probe ${name}`;
      const jobId = await submitJob({
        url,
        ledger,
        key,
        input: { bytes: 10, parts: 1 },
        priority: 'high',
        timeoutMs: 2_000,
      });
      await ended(cluster, jobId, GIVE_UP_SECONDS).catch(() => undefined);
      recoveries[name] = performance.now() - healed;
      console.log(`T23: ${name}: ${seconds(recoveries[name])}`);
      await load;
    }
  }
  await drain(cluster);
  const verdicts = await check(cluster, ledger);
  const worst = Math.max(...Object.values(recoveries));
  const slow = Object.entries(recoveries).filter(([, ms]) => ms > RECOVERED_WITHIN_MS);
  report(
    'T23',
    `${Object.keys(recoveries).length} bad wires of ${seconds(toxicMs)}, recovery at most ${seconds(worst)}, ` +
      `${verdicts.lost.length} lost, ${verdicts.duplicated.length} done twice`,
    { seed, recoveries, ...verdicts.figures },
  );
  expect(wrongs(verdicts), `REVERIE_SEED=${seed}`).toEqual([]);
  expect(slow).toEqual([]);
});
