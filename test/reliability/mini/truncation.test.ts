import { expect, test } from 'vitest';
import { rngOf, runSeed } from '../support/rng.ts';
import { cutAndVerify } from '../truncation/cuts.ts';

test('T14 a file that was cut off is never called whole', async () => {
  const seed = runSeed();
  const { wrong, refusedWhole } = await cutAndVerify(rngOf(seed), { cuts: 14, lengths: [9] });
  expect(wrong, `REVERIE_SEED=${seed}`).toEqual([]);
  // Nobody here makes transport streams, so they are not on the list of what is opened.
  expect(refusedWhole.filter((refused) => !refused.startsWith('transport stream'))).toEqual([]);
});
