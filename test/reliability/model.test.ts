import { expect, test } from 'vitest';
import { freshDatabase } from '../support/database.ts';
import { SMALL, WIDE } from './model/small-job.ts';
import { everySequence, someSequences, walk } from './model/walk.ts';
import { report, scaled, seconds } from './support/figures.ts';
import { runSeed } from './support/rng.ts';

const databases = () => Promise.all(Array.from({ length: 4 }, freshDatabase));
const MINUTES = 60_000;

test(
  'T4 every sequence of five things that can happen to a job',
  async () => {
    const began = performance.now();
    const { sequences, states } = await walk(await databases(), { pipeline: SMALL.name, sequences: everySequence(5) });
    const ms = performance.now() - began;
    expect(sequences).toBe(7 ** 5);
    report('T4', `${sequences} sequences of five, ${states} states, 0 wrong, in ${seconds(ms)}`, {
      sequences,
      states,
      ms,
    });
  },
  15 * MINUTES,
);

test(
  'T4 stories of up to thirty steps of a job of several parts, with two things at once',
  async () => {
    const seed = runSeed();
    const began = performance.now();
    // 100,000 take three quarters of an hour on two cores: RELIABILITY_SCALE=20 for a night.
    const stories = someSequences(seed, { count: scaled(5_000, 50), longest: 30 });
    const { sequences, actions } = await walk(await databases(), { pipeline: WIDE.name, sequences: stories }).catch(
      (error) => {
        throw new Error(`REVERIE_SEED=${seed}`, { cause: error });
      },
    );
    const ms = performance.now() - began;
    const line = `${sequences} random stories, ${actions} steps, 0 wrong, seed ${seed}, in ${seconds(ms)}`;
    report('T4 random', line, { sequences, actions, seed, ms });
  },
  90 * MINUTES,
);
