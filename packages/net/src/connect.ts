import { isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { checkAddress, hostOf } from './check-target.ts';
import type { PrivateHosts } from './private-hosts.ts';
import { RefusedTarget } from './refused-target.ts';
import { type Resolve, resolve as systemResolve } from './resolve.ts';

/** Where a URL leads just now: every address of its host, all of them checked. */
export async function addressesOf(
  url: URL,
  { allowed, signal, resolve = systemResolve }: { allowed: PrivateHosts; signal: AbortSignal; resolve?: Resolve },
): Promise<string[]> {
  const host = hostOf(url);
  if (isIP(host)) return [host]; // checked with the URL
  const given = await abortable(resolve(host, { listed: allowed.host(host), signal }), signal).catch((cause) => {
    signal.throwIfAborted();
    throw unresolved(cause);
  });
  if (given.length === 0) throw unresolved();
  for (const ip of given) checkAddress(url, ip, allowed); // one bad one among good ones is an attack, not an accident
  return given;
}

const unresolved = (cause?: unknown) =>
  new RefusedTarget('unresolved', 'The name of the host is not known to our name server.', { cause });

/** Connects to the checked addresses and nowhere else; name and certificate stay those of the URL. */
export function connectTo(
  url: URL,
  addresses: string[],
  { allowed, seconds }: { allowed: PrivateHosts; seconds: { connect: number } },
): buildConnector.connector {
  const known = addresses.map((address) => ({ address, family: isIP(address) }));
  const lookup: LookupFunction = (_host, { all }, done) =>
    all ? done(null, known) : done(null, known[0]!.address, known[0]!.family);
  const connect = buildConnector({ lookup, timeout: seconds.connect * 1000, autoSelectFamily: true, allowH2: false });
  return (options, done) =>
    connect(options, (error, socket) => {
      if (error) return done(error, null);
      try {
        checkAddress(url, socket.remoteAddress ?? '', allowed);
        done(null, socket);
      } catch (refused) {
        socket.destroy();
        done(refused as Error, null);
      }
    });
}

/** A name server that does not answer must not hold the caller for longer than the deadline. */
function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  work.catch(() => {}); // when nobody waits for it any more
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
