import { expect, test } from 'vitest';
import { freshDatabase } from '../../support/database.ts';
import { SMALL, WIDE } from '../model/small-job.ts';
import { everySequence, someSequences, walk } from '../model/walk.ts';
import { runSeed } from '../support/rng.ts';

const databases = () => Promise.all(Array.from({ length: 2 }, freshDatabase));

test('T4 whatever two things happen to a job, its rows stay right and it can be finished', async () => {
  const { sequences } = await walk(await databases(), { pipeline: SMALL.name, sequences: everySequence(2) });
  expect(sequences).toBe(7 ** 2);
});

test('T4 so do longer stories of a job of several parts, with two things at once', async () => {
  const seed = runSeed();
  const sequences = someSequences(seed, { count: 60, longest: 20 });
  await walk(await databases(), { pipeline: WIDE.name, sequences });
});
