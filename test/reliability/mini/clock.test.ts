import { expect, test } from 'vitest';
import { startProduct } from '../../support/product.ts';
import { outcomesOf, wanting, wrongBy } from '../clock/skew.ts';

test('T17 a worker whose clock is a day ahead is heard, and does as well as any other', async () => {
  await using product = await startProduct();
  const { submit, done } = wanting(product);
  await product.startWorker(wrongBy(86_400));
  const job = await done(await submit({ parts: 3 }));
  expect(outcomesOf(job)).toEqual(Array(5).fill('completed'));
});
