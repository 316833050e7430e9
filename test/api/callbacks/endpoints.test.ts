import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Callback } from '@reverie/contracts';
import { describe, expect, test } from 'vitest';
import { type Endpoint, productThatCallsBack } from '../../support/callbacks.ts';
import { eventually } from '../../support/eventually.ts';
import { heard, startReceiver } from '../../support/receiver.ts';
import { sendersAlone } from '../../support/senders.ts';

const { sql, anna, ben, endpoint, cancelled, log, only } = await productThatCallsBack();

describe('endpoints', () => {
  test('rotation: both secrets sign for a day, or until the next', async () => {
    const { receiver, path, secret: first } = await endpoint();
    const rotate = async () => (await anna<Endpoint>('POST', `${path}/rotate`)).body.secret;
    const signers = async (...secrets: string[]) => {
      await anna('POST', `${path}/ping`);
      const count = receiver.received.length + 1;
      await heard(receiver, count);
      const callback = receiver.received.at(-1)!;
      return [callback.signatures, ...secrets.map((secret) => verifies(() => callback.verify(secret)))];
    };
    expect(await signers(first)).toEqual([1, true]);
    const second = await rotate();
    expect(await signers(first, second)).toEqual([2, true, true]);
    const third = await rotate();
    expect(await signers(first, second, third)).toEqual([2, false, true, true]);
    await sql.query(`update endpoints set rotated_at = now() - interval '25 hours' where secrets[1] = $1`, [third]);
    expect(await signers(second, third)).toEqual([1, false, true]);
    expect(JSON.stringify((await anna('GET', path)).body)).not.toContain('whsec_');
  });

  test('ping: now, once, whatever the filter', async () => {
    const { receiver, path, id } = await endpoint({ events: ['job.completed'] });
    expect((await anna('POST', `${path}/ping`)).status).toBe(202);
    await heard(receiver, 1);
    expect(Callback.parse(receiver.received[0]!.body)).toMatchObject({
      type: 'endpoint.ping',
      data: { endpoint_id: id },
    });
    receiver.answer = 500;
    await anna('POST', `${path}/ping`);
    await only(path, ({ status, tries }) => status === 'given up' && tries.length === 1);
  });

  test('redelivery, one or a range, comes under the same ids; the log has pages', async () => {
    const { receiver, path } = await endpoint();
    for (let made = 0; made < 3; made++) await cancelled();
    await heard(receiver, 3);
    await eventually('all delivered', async () =>
      (await log(path)).deliveries.every(({ status }) => status === 'delivered'),
    );
    const ids = receiver.received.map(({ id }) => id);
    const again = async (body: object) => (await anna('POST', `${path}/redeliver`, body)).body.redelivered;
    expect(await again({ delivery_ids: [ids[1]!, randomUUID()] })).toBe(1);
    await heard(receiver, 4);
    expect(receiver.received[3]!.id).toBe(ids[1]);
    await only(path, ({ id, status, tries }) => id === ids[1] && status === 'delivered' && tries.length === 2);
    expect(await again({ since: '2020-01-01T00:00:00Z', until: '2020-02-01T00:00:00+02:00' })).toBe(0);
    expect(await again({ since: '2020-01-01T00:00:00Z', status: 'delivered' })).toBe(3);
    await heard(receiver, 7);
    expect(
      receiver.received
        .slice(4)
        .map(({ id }) => id)
        .sort(),
    ).toEqual([...ids].sort());
    expect((await anna('POST', `${path}/redeliver`, {})).status).toBe(422);
    const first = await log(path, '?limit=2');
    const second = await log(path, `?limit=2&cursor=${first.next_cursor}`);
    expect([...first.deliveries, ...second.deliveries].map(({ id }) => id)).toEqual(ids.toReversed());
    expect(second.next_cursor).toBeNull();
  });

  test('they are their owner’s alone', async () => {
    const { receiver, path } = await endpoint();
    const foreign: [string, string, unknown?][] = [
      ['GET', ''],
      ['PATCH', '', { enabled: false }],
      ['POST', '/rotate'],
      ['POST', '/ping'],
      ['GET', '/deliveries'],
      ['POST', '/redeliver', { status: 'given up' }],
      ['DELETE', ''],
    ];
    for (const [method, more, body] of foreign) {
      expect([method, more, (await ben(method, path + more, body)).status]).toEqual([method, more, 404]);
    }
    const { body } = await ben<{ endpoints: unknown[] }>('GET', '/webhook-endpoints');
    expect(body.endpoints).toEqual([]);
    // Nor does ben's job tell anna.
    await ben('POST', '/jobs', { pipeline: 'selftest', input: {} });
    const { body: job } = await ben('POST', '/jobs', { pipeline: 'selftest', input: {} });
    await ben('POST', `/jobs/${job.job_id}/cancel`);
    await cancelled();
    await heard(receiver, 1);
    await sleep(100);
    expect(receiver.received).toHaveLength(1);
  });
});

describe('T19: callbacks go where they may', () => {
  test.each([
    'http://localhost/',
    'http://10.0.0.1/hook',
    'http://169.254.169.254/latest/meta-data',
    'http://[fd00:ec2::254]/',
    'http://2852039166/',
    'https://user:pass@example.com/',
    'file:///etc/passwd',
    'nonsense',
  ])('%s is refused when it is named', async (url) => {
    const pointer = { errors: [{ pointer: expect.stringMatching(/^\/(callback_url|url)$/) }] };
    const job = await anna('POST', '/jobs', { pipeline: 'selftest', input: {}, callback_url: url });
    expect([job.status, job.body]).toEqual([422, expect.objectContaining({ code: 'invalid_request' })]);
    expect(job.body).toMatchObject(pointer);
    expect((await anna('POST', '/webhook-endpoints', { url })).body).toMatchObject(pointer);
  });

  test('a name that leads inside later on is refused at that try, and at each one anew', async () => {
    const { sender, tell, own } = await sendersAlone();
    await using canary = await startReceiver();
    let answers = ['127.0.0.1'];
    const asked: string[] = [];
    sender({
      resolve: async (host) => {
        asked.push(host);
        return answers;
      },
    });
    // The port is the canary's, so the host has to be listed for it: by a network it is no longer in afterwards.
    const url = `http://hooks.example:${new URL(canary.url).port}/`;
    await tell(url);
    await heard(canary, 1);
    answers = ['127.0.0.2'];
    const [id] = await tell(url);
    for (const tries of [1, 2]) {
      await eventually('the refusal to be in the log', async () => {
        const { rows } = await own.query('select error from delivery_tries where delivery_id = $1', [id]);
        return rows.length === tries && /not on the public internet/.test(rows[tries - 1].error);
      });
      await own.query(`update deliveries set due_at = now() where id = $1`, [id]);
      await own.query('notify reverie_deliveries');
    }
    expect(asked.length).toBeGreaterThanOrEqual(3);
    expect(canary.received).toHaveLength(1);
  });
});

function verifies(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}
