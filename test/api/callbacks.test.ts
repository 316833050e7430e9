import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Callback } from '@reverie/contracts';
import { insertApiKey, insertDelivery, insertEndpoint, openDatabase } from '@reverie/db';
import { privateHosts } from '@reverie/net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { makeApiKey } from '../../apps/api/src/api-key.ts';
import { newSecret } from '../../apps/api/src/jobs/callback-secrets.ts';
import { startDelivering } from '../../apps/api/src/jobs/deliver.ts';
import { type Client, clientOf } from '../support/client.ts';
import { freshDatabase } from '../support/database.ts';
import { eventually } from '../support/eventually.ts';
import { type Product, startProduct } from '../support/product.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { wireWorker } from '../support/wire-worker.ts';

interface Endpoint {
  id: string;
  secret: string;
  enabled: boolean;
  disabled_reason: string | null;
}
interface Delivery {
  id: string;
  type: string;
  status: string;
  due_at: string | null;
  tries: { number: number; http_status: number | null; error: string | null }[];
}

let product: Product;
let sql: pg.Client;
const key: Record<string, string> = {};
const as = (owner: string): Client => clientOf(product.url, { authorization: `Bearer ${key[owner]}` });
const anna: Client = (...args) => as('anna')(...args);

beforeAll(async () => {
  product = await startProduct({ env: { AUTH: 'keys', ALLOWED_PRIVATE_HOSTS: '127.0.0.1' } });
  sql = new pg.Client({ connectionString: product.databaseUrl });
  await sql.connect();
  const db = openDatabase({ url: product.databaseUrl, connections: 1, onError: () => {} });
  for (const owner of ['anna', 'ben']) {
    const { key: secret, ...stored } = makeApiKey();
    await insertApiKey(db, { ...stored, owner, name: '', scopes: ['submit', 'read'], expiresAt: null });
    key[owner] = secret;
  }
  await db.close();
});
afterAll(async () => {
  await sql.end();
  await product[Symbol.asyncDispose]();
});

/** A receiver and an endpoint of anna's for it; both go with the test. */
async function endpoint(more: object = {}) {
  const receiver = await startReceiver();
  const { status, body } = await anna<Endpoint>('POST', '/webhook-endpoints', { url: receiver.url, ...more });
  expect(status).toBe(201);
  onTestFinished(async () => {
    await anna('DELETE', `/webhook-endpoints/${body.id}`);
    await receiver[Symbol.asyncDispose]();
  });
  return { receiver, ...body, path: `/webhook-endpoints/${body.id}` };
}
const submit = async (more: object = {}) => {
  const { status, body } = await anna('POST', '/jobs', { pipeline: 'selftest', input: {}, ...more });
  expect(status).toBe(202);
  return String(body.job_id);
};
const cancelled = async (more: object = {}) => {
  const id = await submit(more);
  await anna('POST', `/jobs/${id}/cancel`);
  return id;
};
const heard = (receiver: Receiver, count: number, seconds = 10) =>
  eventually(
    `${count} callbacks, there are ${receiver.received.length}`,
    async () => receiver.received.length >= count,
    {
      seconds,
    },
  );
const log = async (path: string, query = '') =>
  (await anna<{ deliveries: Delivery[]; next_cursor: string | null }>('GET', `${path}/deliveries${query}`)).body;
const only = async (path: string, until: (delivery: Delivery) => boolean): Promise<Delivery> =>
  eventually('the delivery to get there', async () => (await log(path)).deliveries.find(until), { seconds: 10 });

/** Senders in this process, on a database of their own. */
async function sendersAlone() {
  const url = await freshDatabase();
  const db = openDatabase({ url, connections: 5, onError: () => {} });
  const own = new pg.Client({ connectionString: url });
  await own.connect();
  const senders: ReturnType<typeof startDelivering>[] = [];
  onTestFinished(async () => {
    await Promise.all(senders.map((sender) => sender.stop()));
    await Promise.all([db.close(), own.end()]);
  });
  const post = {
    db,
    log: { warn: () => {}, debug: () => {} } as never,
    publicUrl: 'http://here',
    allowed: privateHosts('127.0.0.1'),
    ownerSecrets: () => [newSecret()],
  };
  return {
    own,
    sender(more: Partial<Parameters<typeof startDelivering>[0]> = {}) {
      const sender = startDelivering({ ...post, ...more }, url);
      senders.push(sender);
      return sender;
    },
    /** Something to be sent there, so many times. Gives the ids. */
    async tell(to: string, times = 1) {
      const { id: endpointId } = await insertEndpoint(db, { owner: 'anna', url: to, secrets: [newSecret()] });
      const told = { endpointId, type: 'job.completed', payload: {} };
      const rows = await Promise.all(Array.from({ length: times }, () => insertDelivery(db, told)));
      return rows.map(({ id }) => id);
    },
  };
}

/** The clock jumps to when the delivery is due. Says how far that was, in seconds. */
async function jump(id: string): Promise<number> {
  const { rows } = await sql.query<{ seconds: number }>(
    `with before as (select due_at from deliveries where id = $1),
      moved as (update deliveries set due_at = now() where id = $1)
     select extract(epoch from due_at - now())::float as seconds from before`,
    [id],
  );
  await sql.query(`notify reverie_deliveries`);
  return rows[0]!.seconds;
}

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
    expect((await as('ben')('GET', '/webhook-endpoints/secret')).body.secrets).not.toEqual(body.secrets);
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
      expect([method, more, (await as('ben')(method, path + more, body)).status]).toEqual([method, more, 404]);
    }
    const { body } = await as('ben')<{ endpoints: unknown[] }>('GET', '/webhook-endpoints');
    expect(body.endpoints).toEqual([]);
    // Nor does ben's job tell anna.
    await as('ben')('POST', '/jobs', { pipeline: 'selftest', input: {} });
    const { body: job } = await as('ben')('POST', '/jobs', { pipeline: 'selftest', input: {} });
    await as('ben')('POST', `/jobs/${job.job_id}/cancel`);
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

describe('senders', () => {
  test('three replicas share the work, and nothing is sent twice', async () => {
    const { sender, tell } = await sendersAlone();
    await using receiver = await startReceiver();
    for (let replica = 0; replica < 3; replica++) sender();
    const ids = await tell(receiver.url, 100);
    await heard(receiver, 100);
    await sleep(200);
    expect(receiver.received.map(({ id }) => id).sort()).toEqual(ids.sort());
  });

  test('one that is to stop hands back what it has begun, and no try is charged', async () => {
    const { sender, tell, own } = await sendersAlone();
    await using receiver = await startReceiver();
    receiver.answer = () => {};
    const delivering = sender();
    const [id] = await tell(receiver.url);
    await heard(receiver, 1);
    await delivering.stop(50);
    const { rows } = await own.query('select status, tries, due_at <= now() as due from deliveries');
    expect(rows).toEqual([{ status: 'pending', tries: 0, due: true }]);
    receiver.answer = 200;
    sender();
    await heard(receiver, 2);
    expect(receiver.received[1]!.id).toBe(id);
  });
});

describe('row 44: the API dies while it sends', () => {
  test('four kills: every event arrives, and under one id each', async () => {
    const { receiver } = await endpoint();
    receiver.answer = (response) => void setTimeout(() => response.writeHead(200).end(), 60);
    const told = new Set<string>();
    for (let kills = 0; kills < 4; kills++) {
      const made = await Promise.all(Array.from({ length: 6 }, () => cancelled()));
      for (const id of made) told.add(id);
      await sleep(Math.random() * 40);
      await product.api.stop('SIGKILL');
      await product.startApi();
      // What the dead one had taken is due again when its lease has run out: now.
      await sql.query(`update deliveries set due_at = now() where status = 'pending' and tries = 0`);
      await sql.query('notify reverie_deliveries');
    }
    const idsOf = () => {
      const ids = new Map<string, Set<string>>();
      for (const { id, body } of receiver.received) {
        if (!('job_id' in body.data)) continue;
        ids.set(body.data.job_id, (ids.get(body.data.job_id) ?? new Set()).add(id));
      }
      return ids;
    };
    await eventually('every job to have been told of', async () => [...told].every((job) => idsOf().has(job)));
    expect([...idsOf().values()].map((ids) => ids.size)).toEqual(Array(told.size).fill(1));
    expect(receiver.received.length).toBeGreaterThan(told.size); // kills did hit
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
