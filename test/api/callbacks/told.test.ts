import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Callback } from '@reverie/contracts';
import { describe, expect, test } from 'vitest';
import { newSecret } from '../../../apps/api/src/jobs/callback-secrets.ts';
import { type Endpoint, productThatCallsBack } from '../../support/callbacks.ts';
import { heard, startReceiver } from '../../support/receiver.ts';
import { wireWorker } from '../../support/wire-worker.ts';

const { product, sql, anna, ben, endpoint, submit, cancelled, only } = await productThatCallsBack();

describe('what callers are told', () => {
  test('every event once, signed, in order, with ids and state and nothing secret', async () => {
    const { receiver, secret } = await endpoint();
    const metadata = { order: 7 };
    const id = await submit({ metadata });
    const worker = wireWorker(product.url, product.reportSecret);
    const { rows } = await sql.query<{ id: string }>('select id from tasks where job_id = $1', [id]);
    await worker.claim(rows[0]!.id);
    await worker.report(
      { taskId: rows[0]!.id, attempt: 1 },
      { status: 'failed', error: { code: 'input_invalid', message: 'no good', command: 'ffmpeg -i', log: 'x' } },
    );
    await anna('POST', `/jobs/${id}/retry`);
    await anna('POST', `/jobs/${id}/cancel`);
    await heard(receiver, 4);
    expect(receiver.types()).toEqual(['job.processing', 'job.failed', 'job.retried', 'job.cancelled']);
    const bodies = receiver.received.map(({ body }) => Callback.parse(body));
    expect(bodies.map(({ sequence }) => sequence)).toEqual(
      bodies.map(({ sequence }) => sequence).sort((a, b) => a - b),
    );
    expect(new Set(receiver.received.map((callback) => callback.id)).size).toBe(4);
    for (const callback of receiver.received) callback.verify(secret);
    expect(() => receiver.received[0]!.verify(newSecret())).toThrow();
    expect(bodies[1]!.data).toEqual({
      job_id: id,
      pipeline: 'selftest',
      status: 'failed',
      run: 0,
      subject: null,
      metadata,
      error: { code: 'input_invalid', stage: expect.any(String), message: 'no good' },
      links: { job: `${product.url}/jobs/${id}` },
    });
  });

  test('the second word about a job waits for the first to have arrived', async () => {
    const { receiver } = await endpoint();
    const on = { now: 0, most: 0 };
    receiver.answer = (response) => {
      on.most = Math.max(on.most, ++on.now);
      setTimeout(() => {
        on.now--;
        response.writeHead(200).end();
      }, 60);
    };
    const id = await cancelled();
    for (let runs = 0; runs < 3; runs++) {
      await anna('POST', `/jobs/${id}/retry`);
      await anna('POST', `/jobs/${id}/cancel`);
    }
    await heard(receiver, 7);
    expect(receiver.types()).toEqual(['job.cancelled', ...Array(3).fill(['job.retried', 'job.cancelled']).flat()]);
    expect(on.most).toBe(1);
  });

  test('a filter lets through what it names', async () => {
    const { receiver } = await endpoint({ events: ['job.retried'] });
    const id = await cancelled();
    await anna('POST', `/jobs/${id}/retry`);
    await heard(receiver, 1);
    await sleep(200);
    expect(receiver.types()).toEqual(['job.retried']);
    expect((await anna('POST', '/webhook-endpoints', { url: receiver.url, events: ['job.nonsense'] })).status).toBe(
      422,
    );
  });

  test('callback_url: of a job and of a dream, signed with the owner’s secret, and its log can be seen', async () => {
    await using receiver = await startReceiver();
    const id = await cancelled({ callback_url: receiver.url });
    const { body: dream } = await anna('POST', '/dreams', { transcript: 'A kite.' });
    const finished = await anna('POST', `/dreams/${dream.id}/finish`, { callback_url: receiver.url });
    expect(finished.status).toBe(202);
    await anna('POST', `/jobs/${finished.body.job_id}/cancel`);
    await heard(receiver, 2);
    const { body } = await anna<{ secrets: string[] }>('GET', '/webhook-endpoints/secret');
    expect(body.secrets).toHaveLength(1);
    for (const callback of receiver.received) callback.verify(body.secrets[0]!);
    expect((await ben('GET', '/webhook-endpoints/secret')).body.secrets).not.toEqual(body.secrets);
    expect(receiver.received.map(({ body: { data } }) => 'subject' in data && data.subject)).toEqual([null, dream.id]);
    const list = await anna<{ endpoints: Endpoint[] }>('GET', `/webhook-endpoints?job_id=${id}`);
    const [made] = list.body.endpoints;
    await only(`/webhook-endpoints/${made!.id}`, ({ status }) => status === 'delivered');
    expect((await anna('POST', `/webhook-endpoints/${made!.id}/rotate`)).status).toBe(409);
  });

  test('a callback_url is part of what an idempotency key stands for', async () => {
    const headers = { 'idempotency-key': randomUUID() };
    const job = { pipeline: 'selftest', input: {}, callback_url: 'https://example.com/hook' };
    const first = await anna('POST', '/jobs', job, headers);
    expect((await anna('POST', '/jobs', job, headers)).body.job_id).toBe(first.body.job_id);
    expect((await anna('POST', '/jobs', { ...job, callback_url: 'https://example.org/' }, headers)).status).toBe(422);
  });
});
