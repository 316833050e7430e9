import { insertDelivery, insertEndpoint, openDatabase } from '@reverie/db';
import { privateHosts } from '@reverie/net';
import pg from 'pg';
import { onTestFinished } from 'vitest';
import { newSecret } from '../../apps/api/src/jobs/callback-secrets.ts';
import { startDelivering } from '../../apps/api/src/jobs/deliver.ts';
import { freshDatabase } from './database.ts';

/** Senders in this process, on a database of their own. */
export async function sendersAlone() {
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
