import { expect, test } from 'vitest';
import { loseAnswers } from './lanes/lost-answers.ts';
import { report, scaled, seconds } from './support/figures.ts';
import { rngOf, runSeed } from './support/rng.ts';

test('T3 one answer in twenty is lost on every line after the work was done: no job is lost or done twice', async () => {
  const rng = rngOf(runSeed());
  const began = performance.now();
  const { jobs, lost, wrong } = await loseAnswers(rng, { jobs: scaled(2_000, 20), share: 0.05, seconds: 900 });
  const ms = performance.now() - began;
  expect(wrong.slice(0, 20), `REVERIE_SEED=${rng.seed}`).toEqual([]);
  const line = `${jobs} jobs, answers lost ${JSON.stringify(lost)}: 0 lost, 0 doubled, seed ${rng.seed}, in ${seconds(ms)}`;
  report('T3', line, { jobs, lost, seed: rng.seed, ms });
});
