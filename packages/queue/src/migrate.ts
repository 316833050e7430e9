import { runMigrations } from 'bullmq';
import pg from 'pg';
import { isPostgres, postgresSchema, type QueueConfig } from './connection.ts';

/** BullMQ's Postgres backend keeps its tables in a schema of its own; Redis needs nothing. */
export async function migrateQueue(config: QueueConfig): Promise<void> {
  if (!isPostgres(config)) return;
  const client = new pg.Client({ connectionString: config.url });
  await client.connect();
  try {
    await runMigrations(client, postgresSchema(config));
  } finally {
    await client.end();
  }
}
