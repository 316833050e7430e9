import { expect, test } from 'vitest';
import { startProduct } from '../support/product.ts';
import { rush } from './idempotency/keys.ts';
import { report, scaled, seconds } from './support/figures.ts';

test('T10 a thousand POSTs with one key at once are one row, ten times over', async () => {
  await using product = await startProduct();
  const times = scaled(1_000, 50);
  const began = performance.now();
  for (let round = 0; round < 10; round++) {
    const { ids, made, rows } = await rush(product, times);
    expect({ ids, rows }).toEqual({ ids: 1, rows: { jobs: 1, events: 1, tasks: 1 } });
    expect(made).toBeLessThanOrEqual(1);
  }
  const ms = performance.now() - began;
  report('T10', `10 keys, ${times} POSTs at once each: 10 rows, in ${seconds(ms)}`, { keys: 10, times, ms });
});
