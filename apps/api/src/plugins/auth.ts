import { type Database, liveApiKey, SCOPES, type Scope, type Sight, touchApiKey } from '@reverie/db';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { readApiKey, sameHash } from '../api-key.ts';
import { Refusal } from '../refusal.ts';

/** Who is asking, and what for they may. */
interface Principal {
  owner: string;
  scopes: readonly Scope[];
}

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal;
  }
  interface FastifyContextConfig {
    /** What a caller needs. `public`: nothing; `link`: a link that was signed, or a key; `signed`: a signature. */
    scope?: Scope | 'public' | 'link' | 'signed';
  }
}

/** With auth off, everybody on this machine is this. */
const EVERYBODY: Principal = { owner: 'local', scopes: SCOPES };
const NOBODY: Principal = { owner: '', scopes: [] };

/** A revoked key stops working within this time; until then its row is not read for every request. */
const REMEMBER_MS = 5_000;

/** Admins see everything, everybody else what is theirs. */
export const sightOf = ({ principal }: FastifyRequest): Sight =>
  principal.scopes.includes('admin') ? {} : { owner: principal.owner };

export function auth(app: FastifyInstance, { db, mode }: { db: Database; mode: 'keys' | 'off' }): void {
  const known = new Map<string, { principal: Principal; secretHash: string; until: number }>();

  async function principalOf(key: string): Promise<Principal | undefined> {
    const read = readApiKey(key);
    if (!read) return undefined;
    const before = known.get(read.id);
    if (before && before.until > Date.now())
      return sameHash(before.secretHash, read.secretHash) ? before.principal : undefined;
    known.delete(read.id);
    const row = await liveApiKey(db, read.id);
    if (!row || !sameHash(row.secretHash, read.secretHash)) return undefined;
    const principal = { owner: row.owner, scopes: row.scopes };
    known.set(read.id, { principal, secretHash: row.secretHash, until: Date.now() + REMEMBER_MS });
    await touchApiKey(db, read.id);
    return principal;
  }

  app.decorateRequest('principal', null as unknown as Principal);
  app.addHook('onRequest', async (request, reply) => {
    const scope = request.routeOptions.config.scope ?? 'admin';
    request.principal = mode === 'off' ? EVERYBODY : NOBODY;
    // What anybody may see is not held up by a key, nor by the database that knows keys.
    if (scope === 'public' || request.is404) return;
    const key = keyIn(request.headers.authorization);
    if (mode === 'keys' && key !== undefined) request.principal = (await principalOf(key)) ?? NOBODY;
    if (scope === 'link') return;
    if (scope === 'signed') {
      // The signature decides; a key that comes along must be one of a worker.
      if (key && mode === 'keys' && !request.principal.scopes.includes('worker')) throw forbidden('worker');
      return;
    }
    if (request.principal === NOBODY) {
      reply.header('www-authenticate', 'Bearer realm="reverie", Basic realm="reverie"');
      throw new Refusal(
        401,
        'unauthorized',
        'Send an API key: "Authorization: Bearer rv_live_…". Make one with: npm run keys -- create',
      );
    }
    if (!request.principal.scopes.includes(scope)) throw forbidden(scope);
  });
}

const forbidden = (scope: Scope) => new Refusal(403, 'forbidden', `This key lacks the scope "${scope}".`);

/** Bearer for programs; Basic, with the key as the password, for browsers that open the dashboard. */
function keyIn(header: string | undefined): string | undefined {
  const [scheme, value] = header?.split(' ') ?? [];
  if (!value) return undefined;
  if (/^bearer$/i.test(scheme!)) return value;
  if (/^basic$/i.test(scheme!)) return Buffer.from(value, 'base64').toString().split(':').slice(1).join(':');
  return undefined;
}
