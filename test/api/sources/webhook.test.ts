import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { clientOf } from '../../support/client.ts';
import { startProduct } from '../../support/product.ts';
import { productOfFile } from '../../support/product-of-file.ts';
import { signedWebhook } from '../../support/signed-webhook.ts';
import { sourceTotals } from '../../support/source-totals.ts';
import { sqlOf } from '../../support/sql.ts';

const newSecret = () => `whsec_${randomBytes(32).toString('base64')}`;
const [old, next] = [newSecret(), newSecret()];
const { product, call } = await productOfFile({
  env: { JOB_SOURCES: 'webhook', SOURCE_OWNER: 'bob', WEBHOOK_SECRET: `${old},${next}` },
});
const sql = sqlOf(product);

interface Answer {
  job_id?: string;
  status: string;
  code?: string;
  detail?: string;
  errors?: { pointer: string; detail: string }[];
}
const send = (
  body: unknown,
  how: { id?: string; at?: Date; secret?: string; headers?: Record<string, string> } = {},
) => {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers = { ...signedWebhook(how.secret ?? old, text, how), ...how.headers };
  return call<Answer>('POST', '/webhooks/jobs', text, headers);
};
const selftest = { pipeline: 'selftest', input: {}, metadata: { from: 'a webhook' } };

describe('F9 C4 C31: jobs by signed webhooks', () => {
  test('a signed envelope is a job of the owner that SOURCE_OWNER names', async () => {
    const { status, headers, body } = await send({ ...selftest, priority: 'low' }, { id: 'msg_1' });
    expect([status, headers.get('location'), body]).toEqual([
      202,
      `/jobs/${body.job_id}`,
      { job_id: body.job_id, status: 'queued' },
    ]);
    const [job] = await sql('select owner, idempotency_key, priority, metadata from jobs where id = $1', [body.job_id]);
    expect(job).toEqual({
      owner: 'bob',
      idempotency_key: 'webhook:msg_1',
      priority: 'low',
      metadata: { from: 'a webhook' },
    });
  });

  test('both secrets are good: the old one is taken away when every sender has the new one', async () => {
    expect((await send(selftest, { secret: next })).status).toBe(202);
    expect((await send(selftest, { secret: newSecret() })).status).toBe(401);
  });

  test('a replay is the same job, also twenty at once and signed anew', async () => {
    const id = randomUUID();
    const first = await send(selftest, { id });
    const again = await Promise.all(
      Array.from({ length: 20 }, (_, n) => send(selftest, { id, at: new Date(Date.now() - n * 1_000) })),
    );
    expect(new Set(again.map(({ status, body }) => `${status} ${body.job_id}`))).toEqual(
      new Set([`200 ${first.body.job_id}`]),
    );
    const together = randomUUID();
    const race = await Promise.all(Array.from({ length: 20 }, () => send(selftest, { id: together })));
    expect(race.map(({ status }) => status).toSorted()).toEqual([...Array(19).fill(200), 202]);
    expect(new Set(race.map(({ body }) => body.job_id)).size).toBe(1);
  });

  test('the same id with another body, and a key of its own', async () => {
    const id = randomUUID();
    await send(selftest, { id });
    const other = await send({ ...selftest, held: true }, { id });
    expect([other.status, other.body.code]).toEqual([422, 'idempotency_key_reused']);
    const keyed = { ...selftest, idempotency_key: 'order 7' };
    const [one, two] = [await send(keyed), await send(keyed)];
    expect([one.status, two.status, two.body.job_id]).toEqual([202, 200, one.body.job_id]);
  });

  const minutes = (n: number) => new Date(Date.now() + n * 60_000);
  test.each<[string, () => ReturnType<typeof send>]>([
    ['no signature', () => call<Answer>('POST', '/webhooks/jobs', selftest)],
    [
      'another body than was signed',
      () => call<Answer>('POST', '/webhooks/jobs', JSON.stringify(selftest), signedWebhook(old, '{}')),
    ],
    ['another id than was signed', () => send(selftest, { headers: { 'webhook-id': 'other' } })],
    ['more than five minutes old', () => send(selftest, { at: minutes(-5.1) })],
    ['more than five minutes ahead', () => send(selftest, { at: minutes(5.1) })],
    ['no time', () => send(selftest, { headers: { 'webhook-timestamp': 'soon' } })],
    ['a signature that is none', () => send(selftest, { headers: { 'webhook-signature': 'v1,AAAA' } })],
  ])('%s: 401, and which setting to look at', async (_, refused) => {
    const { status, headers, body } = await refused();
    expect([status, body.code, headers.get('content-type')]).toEqual([
      401,
      'bad_signature',
      'application/problem+json; charset=utf-8',
    ]);
    expect(body.detail).toContain('WEBHOOK_SECRET and the clock');
  });

  test('just inside the five minutes is inside', async () => {
    expect((await send(selftest, { at: minutes(-4.9) })).status).toBe(202);
  });

  test.each<[unknown, string[]]>([
    [{ pipeline: 'no such', input: {} }, ['/pipeline']],
    [{ pipeline: 'selftest' }, ['/input']],
    [{ ...selftest, wish: 1, priority: 'now' }, ['/priority', '/wish']],
    [{ pipeline: 'captions', input: { sourceUrl: 7 } }, ['/input/sourceUrl']],
    [{ ...selftest, callback_url: 'http://10.0.0.1/' }, ['/callback_url']],
    ['[]', ['']],
  ])('%j is refused at %j', async (body, pointers) => {
    const answer = await send(body);
    expect([answer.status, answer.body.errors?.map(({ pointer }) => pointer).toSorted()]).toEqual([422, pointers]);
  });

  test('what is no JSON, none at all or too much', async () => {
    expect((await send('{')).status).toBe(400);
    expect((await send('')).status).toBe(422);
    expect((await send({ ...selftest, metadata: { long: 'x'.repeat(300_000) } })).status).toBe(413);
    const text = JSON.stringify(selftest);
    const plain = { ...signedWebhook(old, text), 'content-type': 'text/plain' };
    expect((await call('POST', '/webhooks/jobs', text, plain)).status).toBe(415);
  });

  test('what was signed is counted, what was not is not', async () => {
    const before = await sourceTotals(call);
    const id = randomUUID();
    await send(selftest, { id });
    await send(selftest, { id });
    await send({ pipeline: 'no such', input: {} });
    await send(selftest, { secret: newSecret() });
    const after = await sourceTotals(call);
    const more = ['accepted', 'known', 'rejected'].map(
      (it) => after[`webhook ${it}`]! - (before[`webhook ${it}`] ?? 0),
    );
    expect(more).toEqual([1, 1, 1]);
  });
});

test('where nobody switched it on, it says how that is done', async () => {
  await using without = await startProduct({ env: { WEBHOOK_SECRET: old } });
  const text = JSON.stringify(selftest);
  const ask = clientOf(without.url);
  for (const body of [text, '{']) {
    const answer = await ask('POST', '/webhooks/jobs', body, signedWebhook(old, body));
    expect([answer.status, answer.body.code]).toEqual([404, 'not_switched_on']);
    expect(answer.body.detail).toMatch(/JOB_SOURCES .* WEBHOOK_SECRET/);
  }
});
