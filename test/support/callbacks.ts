import { insertApiKey, openDatabase } from '@reverie/db';
import pg from 'pg';
import { afterAll, expect, onTestFinished } from 'vitest';
import { makeApiKey } from '../../apps/api/src/api-key.ts';
import { type Client, clientOf } from './client.ts';
import { eventually } from './eventually.ts';
import { productOfFile } from './product-of-file.ts';
import { startReceiver } from './receiver.ts';

export interface Endpoint {
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

/** A file's product that may call back on this machine, where anna and ben have keys. Mostly anna acts. */
export async function productThatCallsBack(env: Record<string, string> = {}) {
  const { product, wire } = await productOfFile({ env: { AUTH: 'keys', ALLOWED_PRIVATE_HOSTS: '127.0.0.1', ...env } });
  const sql = new pg.Client({ connectionString: product.databaseUrl });
  await sql.connect();
  afterAll(() => sql.end());
  const db = openDatabase({ url: product.databaseUrl, connections: 1, onError: () => {} });
  const as = async (owner: string): Promise<Client> => {
    const { key, ...stored } = makeApiKey();
    await insertApiKey(db, { ...stored, owner, name: '', scopes: ['submit', 'read'], expiresAt: null });
    return clientOf(product.url, { authorization: `Bearer ${key}` });
  };
  const [anna, ben] = [await as('anna'), await as('ben')];
  await db.close();

  const submit = async (more: object = {}) => {
    const { status, body } = await anna('POST', '/jobs', { pipeline: 'selftest', input: {}, ...more });
    expect(status).toBe(202);
    return String(body.job_id);
  };
  const log = async (path: string, query = '') =>
    (await anna<{ deliveries: Delivery[]; next_cursor: string | null }>('GET', `${path}/deliveries${query}`)).body;

  return {
    product,
    wire,
    sql,
    anna,
    ben,
    submit,
    async cancelled(more: object = {}) {
      const id = await submit(more);
      await anna('POST', `/jobs/${id}/cancel`);
      return id;
    },
    /** A receiver and an endpoint of anna's for it; both go with the test. */
    async endpoint(more: object = {}) {
      const receiver = await startReceiver();
      const { status, body } = await anna<Endpoint>('POST', '/webhook-endpoints', { url: receiver.url, ...more });
      expect(status).toBe(201);
      onTestFinished(async () => {
        await anna('DELETE', `/webhook-endpoints/${body.id}`);
        await receiver[Symbol.asyncDispose]();
      });
      return { receiver, ...body, path: `/webhook-endpoints/${body.id}` };
    },
    /** The deliveries of an endpoint. */
    log,
    only: (path: string, until: (delivery: Delivery) => boolean): Promise<Delivery> =>
      eventually('the delivery to get there', async () => (await log(path)).deliveries.find(until), { seconds: 10 }),
    /** The clock jumps to when the delivery is due. Says how far that was, in seconds. */
    async jump(id: string): Promise<number> {
      const { rows } = await sql.query<{ seconds: number }>(
        `with before as (select due_at from deliveries where id = $1),
          moved as (update deliveries set due_at = now() where id = $1)
         select extract(epoch from due_at - now())::float as seconds from before`,
        [id],
      );
      await sql.query(`notify reverie_deliveries`);
      return rows[0]!.seconds;
    },
  };
}
