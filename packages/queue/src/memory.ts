import { Cluster, type Redis } from 'ioredis';
import pg from 'pg';
import { postgresSchema, type QueueConfig } from './connection.ts';

/** What Redis uses altogether, as `INFO` says; of a cluster, all of its masters. */
export async function redisBytes(redis: Redis | Cluster): Promise<number> {
  const nodes = redis instanceof Cluster ? redis.nodes('master') : [redis];
  const said = await Promise.all(nodes.map((node) => node.info('memory')));
  return said.reduce((sum, info) => sum + Number(/^used_memory:(\d+)/m.exec(info)?.[1] ?? 0), 0);
}

/** What BullMQ's tables take up, with their indexes. */
export async function postgresBytes(config: QueueConfig): Promise<number> {
  const client = new pg.Client({ connectionString: config.url, connectionTimeoutMillis: 2_000, query_timeout: 3_000 });
  await client.connect();
  try {
    const { rows } = await client.query<{ bytes: string }>(
      `select coalesce(sum(pg_total_relation_size(oid)), 0) as bytes from pg_class
       where relkind = 'r' and relnamespace = to_regnamespace($1)`,
      [postgresSchema(config)],
    );
    return Number(rows[0]!.bytes);
  } finally {
    await client.end();
  }
}
