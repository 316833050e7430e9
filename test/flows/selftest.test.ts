import { afterAll, beforeAll, expect, test } from 'vitest';
import { clientOf } from '../support/client.ts';
import { eventually } from '../support/eventually.ts';
import { type Product, startProduct } from '../support/product.ts';

let product: Product;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product[Symbol.asyncDispose]());

interface Job {
  job_id: string;
  status: string;
  stages: { name: string; parts: { total: number; completed: number } }[];
}

test('the selftest goes once through both fleets, a fan-out and the store', async () => {
  const call = clientOf(product.url);
  await product.startWorker();
  const { body: made } = await call<Job>('POST', '/jobs', { pipeline: 'selftest', input: { parts: 20 } });
  const job = await eventually('the job to end', async () => {
    const { body } = await call<Job>('GET', `/jobs/${made.job_id}`);
    return ['completed', 'failed'].includes(body.status) && body;
  });
  expect(job.status).toBe('completed');
  expect(job.stages.map(({ name, parts }) => [name, parts.completed])).toEqual([
    ['write', 1],
    ['read', 20],
    ['check', 1],
  ]);
});
