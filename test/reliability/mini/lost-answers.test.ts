import { expect, test } from 'vitest';
import { loseAnswers } from '../lanes/lost-answers.ts';
import { rngOf, runSeed } from '../support/rng.ts';

test('T3 answers that are lost after the work was done cost no job and double none', async () => {
  const rng = rngOf(runSeed());
  const { wrong } = await loseAnswers(rng, { jobs: 20, share: 0.05, seconds: 40 });
  expect(wrong, `REVERIE_SEED=${rng.seed}`).toEqual([]);
});
