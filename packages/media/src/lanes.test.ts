import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { inLanes } from './lanes.ts';

const never = new AbortController().signal;

test('answers in order, no more at once than allowed', async () => {
  let now = 0;
  let most = 0;
  const doubled = await inLanes([5, 1, 4, 2, 3], { atOnce: 2, signal: never }, async (n) => {
    most = Math.max(most, ++now);
    await wait(n * 2);
    now--;
    return n * 2;
  });
  expect(doubled).toEqual([10, 2, 8, 4, 6]);
  expect(most).toBe(2);
});

test('the first failure stops the others and is the one that is told, after all have ended', async () => {
  const ended: number[] = [];
  const work = inLanes([0, 1, 2, 3], { atOnce: 2, signal: never }, async (n, _index, signal) => {
    if (n === 1) throw new Error('the first');
    await wait(5_000, undefined, { signal }).finally(() => ended.push(n));
  });
  await expect(work).rejects.toThrow('the first');
  expect(ended).toEqual([0]);
});

test('an abort comes out as its own reason', async () => {
  const reason = new Error('cancelled');
  const work = inLanes([1, 2], { atOnce: 2, signal: AbortSignal.any([AbortSignal.timeout(20)]) }, (_n, _i, signal) =>
    wait(5_000, undefined, { signal }),
  );
  await expect(work).rejects.toMatchObject({ name: 'TimeoutError' });
  await expect(inLanes([1], { atOnce: 1, signal: AbortSignal.abort(reason) }, async () => 1)).rejects.toBe(reason);
});
