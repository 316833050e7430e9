import { expect, test } from 'vitest';
import { freshDatabase } from '../support/database.ts';
import { raceTheLastTwo } from './segments/last-two.ts';
import { report, scaled, seconds } from './support/figures.ts';

test('F35 reassembly begins exactly once when the last two segments are settled at the same moment', async () => {
  const began = performance.now();
  const { jobs, wrong } = await raceTheLastTwo(await freshDatabase(), { jobs: scaled(1_000, 40), total: 5 });
  expect(wrong).toEqual([]);
  const ms = performance.now() - began;
  report('F35', `${jobs} races of the last two segments: one reassembly each, in ${seconds(ms)}`, { jobs, ms });
});
