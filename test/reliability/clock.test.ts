import { expect, test } from 'vitest';
import { startProduct } from '../support/product.ts';
import { outcomesOf, putOffByAWrongClock, wanting, wrongBy } from './clock/skew.ts';
import { report, seconds } from './support/figures.ts';

const HOUR = 3_600;
const SHIFTS = [HOUR, -HOUR, 24 * HOUR, -24 * HOUR];

test.each(SHIFTS)('T17 a worker whose clock is wrong by %i s does as well as any other', async (shift) => {
  await using product = await startProduct();
  const { submit, done } = wanting(product);
  const began = performance.now();
  await product.startWorker(wrongBy(shift));
  // Longer than the lease, so that it has to be renewed.
  const ids = await Promise.all([
    submit({ parts: 2, seconds: 14 }),
    ...Array.from({ length: 10 }, () => submit({ parts: 3 })),
  ]);
  // Somebody with the right time looks for leases that have run out.
  await product.startWorker();
  const jobs = await Promise.all(ids.map((id) => done(id, 60)));
  const outcomes = jobs.flatMap(outcomesOf);
  expect(new Set(outcomes)).toEqual(new Set(['completed']));
  const ms = performance.now() - began;
  report('T17', `clock ${shift} s: ${jobs.length} jobs, ${outcomes.length} attempts, 0 lost`, { shift, ms });
});

test.each(SHIFTS)('T17 what a worker with a clock %i s off has put off is not put off for so long', async (shift) => {
  await using product = await startProduct();
  const { ms, outcomes } = await putOffByAWrongClock(product, shift);
  expect(outcomes).toEqual(expect.arrayContaining(['failed', 'completed']));
  expect(ms).toBeLessThan(20_000);
  report('T17 retry', `clock ${shift} s: the retry ran after ${seconds(ms)}`, { shift, ms });
});
