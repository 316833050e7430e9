import { expect, test } from 'vitest';
import { chaos } from '../support/chaos.ts';
import { wrongs } from '../support/checker.ts';
import { report } from '../support/figures.ts';
import { runSeed } from '../support/rng.ts';

test('T1, small: 300 jobs, 12 kinds of faults; nothing is lost, nothing is done twice, no stale word counts', async () => {
  const seed = runSeed();
  const { verdicts, counts, seconds, unheard } = await chaos({
    seed,
    jobs: 300,
    faults: 12,
    everyMs: [700, 1_100],
    slowestFirst: true,
    input: (rng) => ({ bytes: rng.int(1, 2_000), parts: rng.pick([1, 1, 1, 1, 3]) }),
    cluster: { workerEnv: { CPU_SLOTS: '4', IO_SLOTS: '6' } },
  });
  const { figures } = verdicts;
  const faults = Object.values(counts).reduce((sum, count) => sum + count, 0);
  report('T1 small', `${figures.jobs} jobs, ${faults} faults, ${unheard} answers unheard, seed ${seed}`, {
    seed,
    ...figures,
    ...seconds,
  });
  expect(wrongs(verdicts), `REVERIE_SEED=${seed}`).toEqual([]);
  expect(figures.completed).toBeGreaterThanOrEqual(300);
}, 120_000);
