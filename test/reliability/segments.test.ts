import { expect, test } from 'vitest';
import { freshDatabase } from '../support/database.ts';
import { raceTheLastTwo } from './segments/last-two.ts';
import { report, scaled, seconds } from './support/figures.ts';

test('F35 of 1,000 races of the last two segments, each begins one reassembly', async () => {
  const began = performance.now();
  const { jobs, wrong } = await raceTheLastTwo(await freshDatabase(), { jobs: scaled(1_000, 20), total: 3 });
  expect(wrong).toEqual([]);
  const ms = performance.now() - began;
  report('F35', `${jobs} races of the last two segments, 0 wrong, in ${seconds(ms)}`, { jobs, ms });
});
