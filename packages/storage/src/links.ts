import { createHmac, timingSafeEqual } from 'node:crypto';
import { checkKey } from './checks.ts';
import type { PartPlace } from './store.ts';

/** Makes and checks links to artifacts that work without credentials until they expire, for stores that have none of their own. */
export interface LinkSigner {
  sign(method: 'GET' | 'PUT', key: string, seconds: number): string;
  /** Whether a request may have this key. `query` is the query string as parsed, still untrusted. */
  verify(method: string, key: string, query: SignedQuery): boolean;
  signPart(part: PartPlace, seconds: number): string;
  /** The part a PUT may send here, as its link was signed. */
  verifyPart(key: string, query: SignedQuery): PartPlace | undefined;
  /**
   * The file at `key` and everything beside and below it: what a playlist names by relative addresses is found under the
   * same signature, which therefore stands in the path.
   */
  signFolder(key: string, seconds: number): string;
  verifyFolder(folder: string, signed: { expires: string; signature: string }): boolean;
  /** For an address of the API that is read, such as a job's stream. */
  signPath(path: string, seconds: number): string;
  verifyPath(path: string, query: SignedQuery): boolean;
}

interface SignedQuery {
  expires?: unknown;
  signature?: unknown;
  upload?: unknown;
  part?: unknown;
  bytes?: unknown;
}

export function linkSigner({ secret, baseUrl }: { secret: string; baseUrl: string }): LinkSigner {
  if (secret === '') throw new Error('links need a secret to be signed with; an empty one would sign for anybody');
  const base = baseUrl.replace(/\/+$/, '');
  // No key holds a line break or begins with a slash (checkKey), so no two triples give the same text.
  const sealed = (method: string, what: string, expires: string) =>
    createHmac('sha256', secret).update(`${method}\n${expires}\n${what}`).digest();

  function signed(method: string, what: string, seconds: number): string {
    const expires = String(Math.floor(Date.now() / 1000) + seconds);
    return `expires=${expires}&signature=${sealed(method, what, expires).toString('base64url')}`;
  }
  function isSigned(method: string, what: string, { expires, signature }: SignedQuery): boolean {
    if (typeof expires !== 'string' || typeof signature !== 'string' || !/^\d{1,12}$/.test(expires)) return false;
    if (Number(expires) * 1000 <= Date.now()) return false;
    const wanted = sealed(method, what, expires);
    const given = Buffer.from(signature, 'base64url');
    return given.length === wanted.length && timingSafeEqual(given, wanted);
  }

  const addressOf = (key: string) => `${base}/artifacts/${checkKey(key).split('/').map(encodeURIComponent).join('/')}`;
  const partText = (key: string, token: string, number: string, bytes: string) =>
    [key, token, number, bytes].join('\n');

  return {
    sign: (method, key, seconds) => `${addressOf(key)}?${signed(method, key, seconds)}`,
    verify: (method, key, query) => isSigned(method === 'HEAD' ? 'GET' : method, key, query),

    signPart({ key, token, number, bytes }, seconds) {
      const which = `upload=${token}&part=${number}&bytes=${bytes}`;
      return `${addressOf(key)}?${which}&${signed('part', partText(key, token, `${number}`, `${bytes}`), seconds)}`;
    },
    verifyPart(key, query) {
      const { upload: token, part, bytes } = query;
      if (typeof token !== 'string' || typeof part !== 'string' || typeof bytes !== 'string') return undefined;
      if (!isSigned('part', partText(key, token, part, bytes), query)) return undefined;
      return { key, token, number: Number(part), bytes: Number(bytes) };
    },

    signFolder(key, seconds) {
      const cut = checkKey(key).lastIndexOf('/');
      const folder = key.slice(0, Math.max(0, cut));
      if (folder === '') throw new Error(`${key} lies in no folder, and the whole store is not signed for`);
      const query = new URLSearchParams(signed('folder', folder, seconds));
      const seal = `${query.get('expires')}/${query.get('signature')}`;
      const name = encodeURIComponent(key.slice(cut + 1));
      return `${base}/folders/${Buffer.from(folder).toString('base64url')}/${seal}/${name}`;
    },
    verifyFolder: (folder, seal) => isSigned('folder', folder, seal),

    signPath: (path, seconds) => `${base}${path}?${signed('GET', path, seconds)}`,
    verifyPath: (path, query) => isSigned('GET', path, query),
  };
}
