import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Environment } from '@reverie/contracts';
import { insertApiKey, openDatabase, SCOPES } from '@reverie/db';
import { makeApiKey } from '../../apps/api/src/api-key.ts';
import { inData } from './data.ts';
import { say } from './say.ts';

export const listensToOthers = (env: Environment) =>
  !['127.0.0.1', 'localhost', '::1'].includes(env.HOST || '127.0.0.1');

/** Open to others, the API wants keys: the first is made here, kept in the data folder, and used for the sample. */
export async function firstKey(
  env: Environment,
  { DATABASE_URL }: { DATABASE_URL: string },
): Promise<string | undefined> {
  if (env.API_KEY || env.AUTH === 'off' || (!listensToOthers(env) && env.AUTH !== 'keys')) return env.API_KEY;
  const file = inData('api-key');
  if (!existsSync(file)) {
    const { key, ...stored } = makeApiKey();
    const db = openDatabase({ url: DATABASE_URL, connections: 1, onError: () => {} });
    await insertApiKey(db, { ...stored, owner: 'default', name: 'made by npm start', scopes: [...SCOPES] });
    await db.close();
    writeFileSync(file, key, { mode: 0o600 });
  }
  say.service('key', `an API key with all scopes is in ${file}`);
  return readFileSync(file, 'utf8').trim();
}
