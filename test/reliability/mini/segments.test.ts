import { expect, test } from 'vitest';
import { freshDatabase } from '../../support/database.ts';
import { raceTheLastTwo } from '../segments/last-two.ts';

test('F35 reassembly begins exactly once when the last two segments are settled at the same moment', async () => {
  const { wrong } = await raceTheLastTwo(await freshDatabase(), { jobs: 40, total: 3 });
  expect(wrong).toEqual([]);
});
