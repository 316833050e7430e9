import { freeIdempotencyKeys, openDatabase } from '@reverie/db';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Product, startProduct } from '../../support/product.ts';
import { keyed, rush } from '../idempotency/keys.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product[Symbol.asyncDispose]());

test.each(['1 second', '1 hour', '29 days 23 hours'])('T10 the same key %s later is the same job', async (later) => {
  const { submit, age } = keyed(product);
  const first = await submit();
  await age(later);
  const again = await submit();
  expect([first.status, again.status]).toEqual([202, 200]);
  expect(again.body.job_id).toBe(first.body.job_id);
});

test('T10 the same key with another body is refused, in whatever order the same body comes', async () => {
  const { submit } = keyed(product);
  await submit({ pipeline: 'selftest', input: { bytes: 7, parts: 3 }, metadata: { a: 1, b: 2 } });
  const same = await submit({ metadata: { b: 2, a: 1 }, input: { parts: 3, bytes: 7 }, pipeline: 'selftest' });
  expect(same.status).toBe(200);
  for (const other of [
    { pipeline: 'selftest', input: { bytes: 8, parts: 3 }, metadata: { a: 1, b: 2 } },
    { pipeline: 'selftest', input: { bytes: 7, parts: 3 }, metadata: { a: 1 } },
    { pipeline: 'selftest', input: { bytes: 7, parts: 3 }, metadata: { a: 1, b: 2 }, priority: 'low' },
  ]) {
    const { status, body } = await submit(other);
    expect([status, body.code]).toEqual([422, 'idempotency_key_reused']);
  }
});

test('T10 a hundred times the same POST at once is one row', async () => {
  const { ids, made, rows } = await rush(product, 100);
  expect({ ids, rows }).toEqual({ ids: 1, rows: { jobs: 1, events: 1, tasks: 1 } });
  expect(made).toBeLessThanOrEqual(1);
});

test('T10 after thirty days the key is free, and a new job may have it', async () => {
  const { submit, age } = keyed(product);
  const first = await submit();
  await age('30 days 1 second');
  const db = openDatabase({ url: product.databaseUrl, connections: 1, onError: () => {} });
  await freeIdempotencyKeys(db);
  await db.close();
  const second = await submit({ pipeline: 'selftest', input: { bytes: 9 } });
  expect(second.status).toBe(202);
  expect(second.body.job_id).not.toBe(first.body.job_id);
});
