import { expect, test } from 'vitest';
import { chaos } from './support/chaos.ts';
import { wrongs } from './support/checker.ts';
import { seconds as inSeconds, report, scaled } from './support/figures.ts';
import { runSeed } from './support/rng.ts';

test('T1: 10,000 jobs while something breaks every 1.5 to 2 s; nothing is lost, done twice or told too late', async () => {
  const seed = runSeed();
  console.log(`T1: REVERIE_SEED=${seed}`);
  const { verdicts, counts, seconds, unheard } = await chaos({
    seed,
    jobs: scaled(10_000, 100),
    faults: scaled(150, 12),
    everyMs: [1_500, 2_000],
    stuckAfterMs: 90_000,
    cluster: { apis: 2, workers: 3, workerEnv: { CPU_SLOTS: '8', IO_SLOTS: '8' } },
  });
  const { figures } = verdicts;
  const faults = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const repeated = (figures.repeated / figures.tasks) * 100;
  const beganAgain = ((figures.attempts - figures.tasks) / figures.tasks) * 100;
  report(
    'T1',
    `${figures.jobs} jobs, ${faults} faults of ${Object.keys(counts).length} kinds, ${unheard} answers unheard: ` +
      `${verdicts.lost.length} lost, ${verdicts.duplicated.length} done twice, ${verdicts.stale.length} stale accepted, ` +
      `${figures.staleRefused} stale refused; finished stages begun again ${repeated.toFixed(2)} %, ` +
      `interrupted ones ${beganAgain.toFixed(2)} %; faults ${inSeconds(seconds.faults * 1000)}, then ${inSeconds(seconds.drain * 1000)}`,
    { seed, counts, unheard, ...figures, ...seconds },
  );
  expect(wrongs(verdicts), `REVERIE_SEED=${seed}`).toEqual([]);
  expect(repeated, 'T11: finished stages that were begun again').toBeLessThanOrEqual(1);
});
