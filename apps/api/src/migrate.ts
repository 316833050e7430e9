import { readEnvironment, withEnvFile } from '@reverie/contracts';
import { migrateDatabase } from '@reverie/db';
import { migrateQueue, queueConfigOf, queueEnvironment } from '@reverie/queue';
import { z } from 'zod';
import { apiEnvironment } from './config.ts';

/** The release command: brings the schema up to date. Safe to run again, and at the same time elsewhere. */
try {
  const { DATABASE_URL } = apiEnvironment.shape;
  const env = readEnvironment(z.object({ DATABASE_URL }), withEnvFile(process.env));
  await migrateDatabase(env.DATABASE_URL);
  const queue = z.object(queueEnvironment).safeParse(withEnvFile(process.env));
  if (queue.success) await migrateQueue(queueConfigOf(queue.data)); // only BullMQ's Postgres backend has a schema
  console.log('the database is up to date');
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
