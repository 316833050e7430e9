import { afterAll, describe, expect, inject, test } from 'vitest';
import { clientOf } from '../support/client.ts';
import { withClient } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Product, startProduct } from '../support/product.ts';

const JOBS = 20;

describe.each([
  ['redis', inject('redisUrl') !== ''],
  ['postgres', true],
] as const)('the queue on %s', (queue, there) => {
  let product: Product | undefined;
  afterAll(() => product?.[Symbol.asyncDispose]());

  test.skipIf(!there)('an idle worker takes a submitted job in under 30 ms at the median', async () => {
    product = await startProduct({ queue });
    const call = clientOf(product.url);
    await product.startWorker();
    const submit = async () => {
      const { body } = await call<{ job_id: string }>('POST', '/jobs', {
        pipeline: 'selftest',
        input: { parts: 1, bytes: 1 },
      });
      await eventually(
        'the job to be done',
        async () => (await call<{ status: string }>('GET', `/jobs/${body.job_id}`)).body.status === 'completed',
      );
      return body.job_id;
    };
    for (let i = 0; i < 5; i++) await submit(); // connections and code warm up
    const ids: string[] = [];
    for (let i = 0; i < JOBS; i++) ids.push(await submit());
    const ms = await withClient(product.databaseUrl, async (client) => {
      const { rows } = await client.query(
        `select extract(epoch from t.started_at - j.created_at)::float * 1000 as ms
         from jobs j join tasks t on t.job_id = j.id and t.stage = 'write' where j.id = any($1) order by ms`,
        [ids],
      );
      return rows.map((row) => row.ms as number);
    });
    console.log(
      `pick-up on ${queue}: p50 ${ms[JOBS / 2]!.toFixed(1)} ms, p95 ${ms[Math.floor(JOBS * 0.95)]!.toFixed(1)} ms`,
    );
    expect(ms[JOBS / 2]).toBeLessThan(30);
  });
});
