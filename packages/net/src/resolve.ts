import { lookup, Resolver } from 'node:dns/promises';

/** Every address a name has. `listed`: the operator named this host. */
export type Resolve = (host: string, about: { listed: boolean; signal: AbortSignal }) => Promise<string[]>;

/**
 * A stranger's name is asked of the name server itself. The system's `getaddrinfo` would hold one of Node's four threads
 * for as long as the stranger's server cares to stall, and file reads with it. What the operator listed may stand
 * in /etc/hosts or in a search domain, so that one goes through the system.
 */
export const resolve: Resolve = async (host, { listed, signal }) => {
  if (listed) return (await lookup(host, { all: true })).map(({ address }) => address);
  const resolver = new Resolver({ timeout: 2_000, tries: 2 });
  const cancel = () => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    return answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
  } finally {
    signal.removeEventListener('abort', cancel);
  }
};
