import { withEnvFile } from '@reverie/contracts';
import { migrateDatabase } from '@reverie/db';
import { migrateQueue } from '@reverie/queue';
import { readConfig } from './config.ts';

/** The release command: brings the schema up to date. Safe to run again, and at the same time elsewhere. */
try {
  const config = readConfig(withEnvFile(process.env));
  await migrateDatabase(config.databaseUrl);
  await migrateQueue(config.queue);
  console.log('the database is up to date');
} catch (error) {
  console.error((error as Error).message);
  process.exit(1);
}
