import { expect, test } from 'vitest';
import { crashEverywhere, said } from '../lanes/crash-points.ts';
import { rngOf, runSeed } from '../support/rng.ts';

test('T2 four deaths in the middle of a word: the job is done once', async () => {
  const rng = rngOf(runSeed());
  const { crashes } = await crashEverywhere({
    lanes: 1,
    choose: (points) => Array.from({ length: 4 }, () => rng.pick(points)),
  });
  const wrong = crashes.filter((crash) => crash.wrong.length > 0 || crash.ms > 20_000);
  expect(wrong.map(said), `REVERIE_SEED=${rng.seed}`).toEqual([]);
});
