import { createHmac, timingSafeEqual } from 'node:crypto';
import { checkKey } from './checks.ts';

/** Makes and checks links to artifacts that work without credentials until they expire, for stores that have none of their own. */
export interface LinkSigner {
  sign(method: 'GET' | 'PUT', key: string, seconds: number): string;
  /** Whether a request may have this key. `query` is the query string as parsed, still untrusted. */
  verify(method: string, key: string, query: { expires?: unknown; signature?: unknown }): boolean;
}

export function linkSigner({ secret, baseUrl }: { secret: string; baseUrl: string }): LinkSigner {
  if (secret === '') throw new Error('links need a secret to be signed with; an empty one would sign for anybody');
  const base = baseUrl.replace(/\/+$/, '');
  // No key holds a line break (checkKey), so no two triples give the same text.
  const sealed = (method: string, key: string, expires: string) =>
    createHmac('sha256', secret).update(`${method}\n${expires}\n${key}`).digest();

  return {
    sign(method, key, seconds) {
      const path = checkKey(key).split('/').map(encodeURIComponent).join('/');
      const expires = String(Math.floor(Date.now() / 1000) + seconds);
      const signature = sealed(method, key, expires).toString('base64url');
      return `${base}/artifacts/${path}?expires=${expires}&signature=${signature}`;
    },

    verify(method, key, { expires, signature }) {
      if (typeof expires !== 'string' || typeof signature !== 'string' || !/^\d{1,12}$/.test(expires)) return false;
      if (Number(expires) * 1000 <= Date.now()) return false;
      const wanted = sealed(method === 'HEAD' ? 'GET' : method, key, expires);
      const given = Buffer.from(signature, 'base64url');
      return given.length === wanted.length && timingSafeEqual(given, wanted);
    },
  };
}
