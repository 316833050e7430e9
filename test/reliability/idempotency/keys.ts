import { randomUUID } from 'node:crypto';
import { type Answer, clientOf } from '../../support/client.ts';
import { withClient } from '../../support/database.ts';
import type { Product } from '../../support/product.ts';

/** A caller with one idempotency key. */
export function keyed(product: Product, key = randomUUID()) {
  const call = clientOf(product.url);
  const submit = async (body: object = { pipeline: 'selftest', input: { bytes: 7 } }) => {
    for (;;) {
      const answer: Answer<{ job_id: string; code?: string }> = await call('POST', '/jobs', body, {
        'idempotency-key': key,
      });
      if (answer.status !== 503) return answer;
    }
  };
  return {
    key,
    submit,
    /** Lets this much time pass for what the key has made: the row's clock is moved, not ours. */
    age: (interval: string) =>
      withClient(product.databaseUrl, (client) =>
        client.query(
          `update jobs set created_at = created_at - $2::interval, updated_at = updated_at - $2::interval where idempotency_key = $1`,
          [key, interval],
        ),
      ),
    rows: () =>
      withClient(product.databaseUrl, async (client) => {
        const { rows } = await client.query<{ jobs: number; events: number; tasks: number }>(
          `select count(*)::int as jobs,
                  (select count(*) from events where type = 'job.queued' and job_id in (select id from jobs where idempotency_key = $1))::int as events,
                  (select count(*) from tasks where job_id in (select id from jobs where idempotency_key = $1))::int as tasks
           from jobs where idempotency_key = $1`,
          [key],
        );
        return rows[0]!;
      }),
  };
}

/** The same POST so many times at once. None of the answers need be the one that made the job: its caller may have been told 503. */
export async function rush(product: Product, times: number) {
  const { submit, rows } = keyed(product);
  const answers = await Promise.all(Array.from({ length: times }, () => submit()));
  const made = answers.filter(({ status }) => status === 202).length;
  return { ids: new Set(answers.map(({ body }) => body.job_id)).size, made, rows: await rows() };
}
