import { expect, test } from 'vitest';
import { startProduct } from '../../support/product.ts';
import { storm, wrongOf } from '../replays/storm.ts';
import { rngOf, runSeed } from '../support/rng.ts';

test('T8 F47: every report told ten times: each is one effect, and each of the calls is accounted for', async () => {
  await using product = await startProduct();
  const seed = runSeed();
  const result = await storm(product, { rng: rngOf(seed), jobs: 10, parts: 3, times: 10, abreast: 50 });
  expect(result.wanted).toBe(50);
  expect(wrongOf(result, 10), `REVERIE_SEED=${seed}`).toEqual([]);
});
