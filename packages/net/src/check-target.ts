import { isIP } from 'node:net';
import { isPublicAddress } from './is-public.ts';
import type { PrivateHosts } from './private-hosts.ts';
import { RefusedTarget } from './refused-target.ts';

/** Where the public web listens. Elsewhere there are mail, databases and admin pages that were never meant for us. */
const PORTS = ['', '80', '443', '8443'];

/** The host as names are compared: without brackets and without the root's dot. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');

/**
 * Everything that can be said of an address without asking a name server. The URL parser has already turned `0x7f.1`,
 * `2130706433` and `①②⑦.1` into what they mean.
 */
export function checkTarget(text: string, allowed: PrivateHosts): URL {
  if (!URL.canParse(text)) throw new RefusedTarget('not a url', 'This is not a URL.');
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new RefusedTarget('scheme', 'Only https: and http: addresses are called.');
  if (url.username !== '' || url.password !== '')
    throw new RefusedTarget('credentials', 'An address must not hold a user name or a password.');
  const host = hostOf(url);
  if (allowed.host(host)) return url;
  if (isIP(host)) checkAddress(url, host, allowed);
  else if (host === '' || host === 'localhost' || host.endsWith('.localhost')) throw privateTarget();
  else if (!PORTS.includes(url.port) && !allowed.networks) throw wrongPort(url);
  return url;
}

/** The same for an address a name led to. */
export function checkAddress(url: URL, ip: string, allowed: PrivateHosts): void {
  if (allowed.host(hostOf(url)) || allowed.address(ip)) return;
  if (!isPublicAddress(ip)) throw privateTarget();
  if (!PORTS.includes(url.port)) throw wrongPort(url);
}

const privateTarget = () =>
  new RefusedTarget(
    'private',
    'This address is not on the public internet. Whoever runs Reverie can allow it with ALLOWED_PRIVATE_HOSTS.',
  );
const wrongPort = ({ port }: URL) =>
  new RefusedTarget(
    'port',
    `Port ${port} is not called, only 80, 443 and 8443. Whoever runs Reverie can allow the host with ALLOWED_PRIVATE_HOSTS.`,
  );
