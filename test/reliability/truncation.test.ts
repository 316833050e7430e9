import { expect, test } from 'vitest';
import { report, scaled, seconds } from './support/figures.ts';
import { rngOf, runSeed } from './support/rng.ts';
import { cutAndVerify } from './truncation/cuts.ts';

test('T14 five hundred files cut off at random: none is called whole', async () => {
  const seed = runSeed();
  const began = performance.now();
  const { cuts, accepted, wrong, refusedWhole } = await cutAndVerify(rngOf(seed), { cuts: scaled(500, 30) });
  const ms = performance.now() - began;
  expect(wrong, `REVERIE_SEED=${seed}`).toEqual([]);
  expect(refusedWhole.filter((refused) => !refused.startsWith('transport stream'))).toEqual([]);
  const line = `${cuts} cuts, ${accepted} accepted (all within max(1 s, 2 %)), 0 wrong, seed ${seed}, in ${seconds(ms)}`;
  report('T14', line, { cuts, accepted, seed, ms });
});
