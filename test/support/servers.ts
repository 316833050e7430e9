import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateDatabase } from '@reverie/db';
import { findRedis, startPostgres, startRedis } from '@reverie/embedded';
import type { TestProject } from 'vitest/node';
import { TEMPLATE, withClient } from './database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    postgresUrl: string;
    /** Empty where the machine has no redis-server. */
    redisUrl: string;
  }
}

/** One private Postgres and one private Redis for a whole run; every file has its own database and prefix in them. */
export default async function servers(project: TestProject) {
  const dir = await mkdtemp(join(tmpdir(), 'reverie-test-'));
  const binary = findRedis();
  const [postgres, redis] = await Promise.all([
    startPostgres({ dir: join(dir, 'postgres'), durable: false }),
    binary ? startRedis({ dir: join(dir, 'redis'), binary, durable: false }) : undefined,
  ]);
  await withClient(postgres.url, (client) => client.query(`create database ${TEMPLATE}`));
  await migrateDatabase(new URL(`/${TEMPLATE}`, postgres.url).href);
  project.provide('postgresUrl', postgres.url);
  project.provide('redisUrl', redis?.url ?? '');
  return async () => {
    await Promise.all([postgres.stop(), redis?.stop()]);
    await rm(dir, { recursive: true, force: true });
  };
}
