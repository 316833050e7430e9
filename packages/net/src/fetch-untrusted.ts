import { Client } from 'undici';
import { checkTarget } from './check-target.ts';
import { addressesOf, connectTo } from './connect.ts';
import type { PrivateHosts } from './private-hosts.ts';
import { RefusedTarget } from './refused-target.ts';
import type { Resolve } from './resolve.ts';

export interface Untrusted {
  method: 'GET' | 'HEAD' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  /** What may be reached besides the public internet. */
  allowed: PrivateHosts;
  /** The body ends there, whatever follows. */
  maxBytes: number;
  /** 0: a redirect is an answer like any other. */
  maxRedirects: number;
  /** `idle`: between two signs of life. `total`: from the name server to the last byte. */
  seconds: { connect: number; idle: number; total: number };
  signal?: AbortSignal;
  /** For tests: another name server. */
  resolve?: Resolve;
}

export interface Answer extends AsyncDisposable {
  /** Where it came from, after redirects. */
  url: string;
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** As it was sent: nothing is decompressed. */
  body: AsyncIterable<Uint8Array>;
  /** The body was longer than `maxBytes` and was cut off; known once it has been read. */
  cut(): boolean;
}

const REDIRECTS = [301, 302, 303, 307, 308];

/**
 * The one way to an address that somebody else named. Names are resolved here, all of their addresses are checked, and
 * the connection goes to a checked one: a name that answers differently a moment later gains nothing by it. Every hop
 * is checked alike. No connection is kept, so the next call checks anew.
 */
export async function fetchUntrusted(address: string, ask: Untrusted): Promise<Answer> {
  const deadline = AbortSignal.timeout(ask.seconds.total * 1000);
  const signal = ask.signal ? AbortSignal.any([deadline, ask.signal]) : deadline;
  let url = checkTarget(address, ask.allowed);
  let headers = ask.headers ?? {};
  for (let hop = 0; ; hop++) {
    const answer = await call(url, { ...ask, headers, signal });
    const { location } = answer.headers;
    if (ask.maxRedirects === 0 || !REDIRECTS.includes(answer.status) || typeof location !== 'string') return answer;
    await answer[Symbol.asyncDispose]();
    if (hop === ask.maxRedirects) throw new RefusedTarget('redirect', `More than ${ask.maxRedirects} redirects.`);
    if (ask.method === 'POST') throw new RefusedTarget('redirect', 'What is sent is not sent on to another address.');
    const next = checkTarget(URL.canParse(location, url.href) ? new URL(location, url).href : location, ask.allowed);
    if (url.protocol === 'https:' && next.protocol === 'http:')
      throw new RefusedTarget('redirect', 'A redirect from https: to http: is not followed.');
    if (next.origin !== url.origin) headers = withoutCredentials(headers);
    url = next;
  }
}

async function call(url: URL, ask: Untrusted & { signal: AbortSignal }): Promise<Answer> {
  const addresses = await addressesOf(url, ask);
  const client = new Client(url.origin, {
    connect: connectTo(url, addresses, ask),
    headersTimeout: ask.seconds.idle * 1000,
    bodyTimeout: ask.seconds.idle * 1000,
    allowH2: false,
  });
  const close = () => client.destroy();
  try {
    const { statusCode, headers, body } = await client.request({
      path: url.pathname + url.search,
      method: ask.method,
      headers: ask.headers ?? {},
      signal: ask.signal,
      ...(ask.body !== undefined && { body: ask.body }),
    });
    body.on('error', () => {}); // told to whoever reads it, and to nobody else
    let cut = false;
    return {
      url: url.href,
      status: statusCode,
      headers,
      body: upTo(ask.maxBytes, body, () => {
        cut = true;
      }),
      cut: () => cut,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function* upTo(most: number, body: AsyncIterable<Uint8Array>, onCut: () => void): AsyncIterable<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    const room = most - bytes;
    bytes += chunk.length;
    yield chunk.length > room ? chunk.subarray(0, room) : chunk;
    if (bytes > most) return onCut();
  }
}

const withoutCredentials = (headers: Record<string, string>) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(authorization|cookie)$/i.test(name)));
