import { expect, test } from 'vitest';
import { givenTwice, inWords, podStorm, wasteOf } from './pods/storm.ts';
import { report, scaled, seconds } from './support/figures.ts';
import { rngOf, runSeed } from './support/rng.ts';

test('T12: pods misbehave in seven ways while workers are killed; no run is lost, and none is begun in vain', async () => {
  const seed = runSeed();
  const storm = await podStorm({
    ...{ rng: rngOf(seed), runs: scaled(2_000, 20), pods: 24, workers: 3 },
    ...{ timeoutSeconds: 2, pollSeconds: 0.25, leaseSeconds: 4, killEveryMs: 20_000 },
  });
  report('T12', `${inWords(storm)}, in ${seconds(storm.ms)}`, { seed, ...storm });
  expect(storm.lost, `REVERIE_SEED=${seed}`).toEqual([]);
  expect(givenTwice(storm), `REVERIE_SEED=${seed}`).toEqual([]);
  for (const [kind, waste] of Object.entries(wasteOf(storm)))
    expect(waste, `${kind}, REVERIE_SEED=${seed}`).toBeLessThanOrEqual(1.01);
});
