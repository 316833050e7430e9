import { keyWanted, lacking, reachable } from './circumstances.js';
import { key } from './key.js';

/** Where the API is: one up from here, so a proxy may put both under a path. */
export const ROOT = new URL('..', import.meta.url);

/** What the API refused, as it said it (RFC 9457). */
export class Problem extends Error {
  /** @param {{ status: number, code?: string, detail?: string, title?: string, errors?: { pointer: string, detail: string }[] }} body */
  constructor(body) {
    super(body.detail ?? body.title ?? `The API answered ${body.status}.`);
    this.status = body.status;
    this.code = body.code;
    this.errors = body.errors ?? [];
  }
}

/** Nothing answered, or only a proxy in front of nothing. */
export class Unreachable extends Error {}

/** Longer than anything but a file of many gigabytes that is put together from its parts. */
const PATIENCE_MS = 15_000;

/**
 * One call of the REST API.
 * @param {'GET' | 'POST' | 'DELETE'} method
 * @param {string} path without the leading slash
 * @param {unknown} [body]
 * @param {{ patienceMs?: number }} [how]
 * @returns {Promise<any>}
 */
export async function call(method, path, body, { patienceMs = PATIENCE_MS } = {}) {
  const asked = key.get();
  const response = await fetch(new URL(path, ROOT), {
    method,
    cache: 'no-store',
    // Otherwise the browser answers a 401 with a password box of its own.
    credentials: 'omit',
    signal: AbortSignal.timeout(patienceMs),
    headers: {
      ...(asked && { authorization: `Bearer ${asked}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  }).catch(() => undefined);
  const isJson = response?.headers.get('content-type')?.includes('json');
  if (!response || (!isJson && response.status >= 502)) {
    reachable.set(false);
    throw new Unreachable('The API cannot be reached.');
  }
  reachable.set(true);
  const answer = isJson ? await response.json() : undefined;
  if (response.ok) return answer;
  throw refused(new Problem({ ...answer, status: response.status }), asked);
}

/** @param {Problem} problem @param {string | null} asked */
function refused(problem, asked) {
  // An answer to the key before this one says nothing about this one.
  if (problem.status === 401 && asked === key.get()) {
    keyWanted.set(asked ? 'This key is unknown, has expired or was revoked.' : 'This API asks for a key.');
  }
  const scope = problem.status === 403 && /scope "(\w+)"/.exec(problem.message)?.[1];
  if (scope && !lacking.get().includes(scope)) lacking.set([...lacking.get(), scope]);
  return problem;
}
