import { expect, test } from 'vitest';
import { startProduct } from '../support/product.ts';
import { storm, wrongOf } from './replays/storm.ts';
import { report, scaled, seconds } from './support/figures.ts';
import { rngOf, runSeed } from './support/rng.ts';

test('T8 a thousand completions told a hundred times each, fifty at once', async () => {
  await using product = await startProduct();
  const seed = runSeed();
  const jobs = scaled(100, 5);
  const began = performance.now();
  const result = await storm(product, { rng: rngOf(seed), jobs, parts: 8, times: 100, abreast: 50 });
  const ms = performance.now() - began;
  expect(wrongOf(result, jobs), `REVERIE_SEED=${seed}`).toEqual([]);
  const { sent, wanted, answers, busy } = result;
  report(
    'T8',
    `${sent} calls, ${wanted} effects, ${JSON.stringify(answers)}, ${busy} told again after 503, seed ${seed}, in ${seconds(ms)}`,
    {
      ...{ sent, wanted, answers, busy, seed, ms },
    },
  );
});
