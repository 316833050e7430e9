import { describe, expect, test } from 'vitest';
import { type Endpoint, productThatCallsBack } from '../../support/callbacks.ts';
import { eventually } from '../../support/eventually.ts';
import { heard } from '../../support/receiver.ts';

const { sql, anna, endpoint, cancelled, log, only, jump } = await productThatCallsBack();

describe('a receiver in trouble', () => {
  test('a failure, then success: the same id, two tries in the log', async () => {
    const { receiver, path } = await endpoint();
    receiver.answer = 500;
    await cancelled();
    const failed = await only(path, ({ tries }) => tries.length === 1);
    expect(failed).toMatchObject({ status: 'pending', tries: [{ number: 1, http_status: 500 }] });
    receiver.answer = 204;
    expect(await jump(failed.id)).toBeGreaterThan(3);
    await only(path, ({ status, tries }) => status === 'delivered' && tries[1]?.http_status === 204);
    expect(receiver.received.map(({ id }) => id)).toEqual([failed.id, failed.id]);
  });

  test('dead for 98 hours, then up: it arrives. Dead for good: eleven tries, and it is given up', async () => {
    const { receiver, path, id } = await endpoint();
    receiver.answer = (response) => void response.destroy();
    await cancelled();
    /** Lets time pass from try to try, until there is none to come. */
    const live = async ({ upAfterHours, triesBefore }: { upAfterHours: number; triesBefore: number }) => {
      let hours = 0;
      for (let tries = triesBefore + 1; ; tries++) {
        const delivery = await only(path, (seen) => seen.tries.length === tries);
        if (delivery.status !== 'pending') return { ...delivery, hours };
        const { rows } = await sql.query(
          'select extract(epoch from due_at - now())::float / 3600 as hours from deliveries where id = $1',
          [delivery.id],
        );
        hours += rows[0].hours;
        if (hours >= upAfterHours) receiver.answer = 200;
        await jump(delivery.id);
      }
    };
    const dead = await live({ upAfterHours: Number.POSITIVE_INFINITY, triesBefore: 0 });
    expect(dead).toMatchObject({ status: 'given up', due_at: null });
    expect(dead.tries).toHaveLength(11);
    expect(dead.hours).toBeGreaterThan(99);
    await anna('POST', `/webhook-endpoints/${id}/redeliver`, { delivery_ids: [dead.id] });
    const late = await live({ upAfterHours: 98, triesBefore: 11 });
    expect(late).toMatchObject({ id: dead.id, status: 'delivered' });
    expect(late.tries).toHaveLength(22);
    expect(new Set(receiver.received.map((callback) => callback.id))).toEqual(new Set([dead.id]));
  });

  test('a redirect is a failure and is not followed', async () => {
    const { receiver, path } = await endpoint();
    receiver.answer = (response) => void response.writeHead(307, { location: receiver.url }).end();
    await cancelled();
    const delivery = await only(path, ({ tries }) => tries.length === 1);
    expect(delivery.status).toBe('pending');
    expect(delivery.tries[0]).toMatchObject({ http_status: 307, error: expect.stringContaining('redirect') });
    expect(receiver.received).toHaveLength(1);
  });

  test('410 disables at once; what is missed meanwhile is not made up; enabled, it hears again', async () => {
    const { receiver, path } = await endpoint();
    receiver.answer = 410;
    await cancelled();
    const gone = await only(path, ({ status }) => status === 'given up');
    expect((await anna<Endpoint>('GET', path)).body).toMatchObject({
      enabled: false,
      disabled_reason: 'The receiver answered 410 Gone.',
    });
    await cancelled();
    expect((await log(path)).deliveries).toHaveLength(1);
    for (const [verb, body] of [
      ['ping', undefined],
      ['redeliver', { status: 'given up' }],
    ] as const) {
      expect((await anna('POST', `${path}/${verb}`, body)).body.code).toBe('endpoint_disabled');
    }
    receiver.answer = 200;
    expect((await anna<Endpoint>('PATCH', path, { enabled: true })).body.enabled).toBe(true);
    expect((await anna('POST', `${path}/redeliver`, { status: 'given up' })).body).toEqual({
      redelivered: 1,
      more: false,
    });
    await only(path, ({ id, status }) => id === gone.id && status === 'delivered');
  });

  test('503 with Retry-After is waited for', async () => {
    const { receiver, path } = await endpoint();
    receiver.answer = (response) => void response.writeHead(503, { 'retry-after': '600' }).end();
    await cancelled();
    const { id } = await only(path, ({ tries }) => tries.length === 1);
    expect(await jump(id)).toBeGreaterThan(590);
  });

  test('five given up in a row disable the endpoint; one delivered in between, and it counts anew', async () => {
    const { receiver, path } = await endpoint();
    const giveUp = async (count: number) => {
      const before = (await log(path, '?status=given%20up')).deliveries.length;
      for (let made = 0; made < count; made++) await cancelled();
      await eventually('all of them to be tried', async () =>
        (await log(path)).deliveries.every(({ tries }) => tries.length > 0),
      );
      await sql.query(`update deliveries set tries = 10, due_at = now() where status = 'pending'`);
      await sql.query('notify reverie_deliveries');
      await eventually(
        'them to be given up',
        async () => (await log(path, '?status=given%20up')).deliveries.length === before + count,
      );
    };
    receiver.answer = 500;
    await giveUp(4);
    receiver.answer = 200;
    await cancelled();
    await only(path, ({ status }) => status === 'delivered');
    receiver.answer = 500;
    await giveUp(4);
    expect((await anna<Endpoint>('GET', path)).body.enabled).toBe(true);
    await giveUp(1);
    const { body } = await anna<Endpoint>('GET', path);
    expect(body).toMatchObject({ enabled: false, disabled_reason: '5 callbacks in a row could not be delivered.' });
  });

  test('a slow receiver holds up nobody else', async () => {
    const slow = await endpoint();
    slow.receiver.answer = () => {};
    const quick = await endpoint();
    for (let made = 0; made < 6; made++) await cancelled();
    await heard(quick.receiver, 6, 5);
    expect(slow.receiver.received).toHaveLength(2);
  });
});
