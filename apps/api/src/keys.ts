import { type ParseArgsConfig, parseArgs } from 'node:util';
import { withEnvFile } from '@reverie/contracts';
import { insertApiKey, listApiKeys, openDatabase, revokeApiKey, SCOPES, type Scope } from '@reverie/db';
import { makeApiKey } from './api-key.ts';

const USAGE = `keys: makes, lists and revokes API keys

  keys create [--owner NAME] [--name TEXT] [--scopes submit,read] [--days N]
  keys list
  keys revoke ID

scopes: ${SCOPES.join(', ')}. The key is shown once; only its hash is stored.`;

const { positionals, values } = parsed({
  allowPositionals: true,
  options: {
    owner: { type: 'string', default: 'default' },
    name: { type: 'string', default: '' },
    scopes: { type: 'string', default: 'submit,read' },
    days: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});
const url = withEnvFile(process.env).DATABASE_URL;
const [verb, id] = positionals;
if (values.help || !verb) stop(USAGE, values.help ? 0 : 2);
if (!url) stop('keys need DATABASE_URL, in the environment or in .env (npm start makes a first key by itself)', 2);
const db = openDatabase({ url: url!, connections: 1, onError: () => {} });

process.on('uncaughtException', (error) => {
  const cause = error.cause instanceof Error ? error.cause : error;
  const migrate = /relation .* does not exist/.test(cause.message) ? ' Run the migrations first: npm run migrate.' : '';
  stop(`keys: ${cause.message || String((cause as { code?: string }).code)}.${migrate}`, 1);
});

if (verb === 'create') {
  const scopes = values.scopes.split(',').map((scope) => scope.trim());
  const strange = scopes.filter((scope) => !(SCOPES as readonly string[]).includes(scope));
  if (strange.length > 0) stop(`there is no scope "${strange.join('", "')}"; there are ${SCOPES.join(', ')}`, 2);
  const days = values.days === undefined ? undefined : Number(values.days);
  if (days !== undefined && !(days > 0 && days < 36_500)) stop('--days must be a number above 0 and below 36500', 2);
  const { key, ...stored } = makeApiKey();
  const expiresAt = days === undefined ? null : new Date(Date.now() + days * 86_400_000);
  await insertApiKey(db, { ...stored, owner: values.owner, name: values.name, scopes: scopes as Scope[], expiresAt });
  console.log(key);
} else if (verb === 'list') {
  for (const key of await listApiKeys(db)) {
    const state = key.revokedAt ? 'revoked' : key.expiresAt && key.expiresAt < new Date() ? 'expired' : 'live';
    console.log(
      [
        key.id,
        state,
        key.owner,
        key.scopes.join(','),
        key.name,
        `used ${key.lastUsedAt?.toISOString() ?? 'never'}`,
      ].join('\t'),
    );
  }
} else if (verb === 'revoke' && id) {
  if (!(await revokeApiKey(db, id))) stop(`there is no live key ${id}; see: keys list`, 1);
  console.log(`${id} is revoked; it stops working within 5 s`);
} else stop(USAGE, 2);
await db.close();

/** An option that is not there is said plainly, with what there is. */
function parsed<T extends ParseArgsConfig>(config: T) {
  try {
    return parseArgs(config);
  } catch (error) {
    return stop(`${(error as Error).message}\n\n${USAGE}`, 2);
  }
}

function stop(message: string, code: number): never {
  (code === 0 ? console.log : console.error)(message);
  process.exit(code);
}
