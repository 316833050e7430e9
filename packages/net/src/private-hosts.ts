import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { undressed } from './is-public.ts';

/** What the operator lets us reach besides the public internet. */
export interface PrivateHosts {
  host(name: string): boolean;
  address(ip: string): boolean;
  /** Some are named by address: what a name leads to must be seen before it can be judged. */
  networks: boolean;
}

const NAME = /^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/;
type Network = ReturnType<typeof ipaddr.parseCIDR>;

/** Reads `receiver.internal, 10.1.2.0/24, ::1`. A word that is none of these is a mistake, and is named. */
export function privateHosts(list: string): PrivateHosts {
  const entries = list.split(',').map((entry) => entry.trim().toLowerCase().replace(/\.$/, ''));
  const names = new Set<string>();
  const networks: Network[] = [];
  for (const entry of entries) {
    if (entry === '') continue;
    const network = networkOf(entry);
    if (network) networks.push(network);
    else if (NAME.test(entry) && !/^[\d.]+$/.test(entry)) names.add(entry);
    else throw new Error(`"${entry}" is neither a host name, nor an address, nor a network such as 10.1.2.0/24`);
  }
  return {
    host: (name) => names.has(name),
    address(ip) {
      if (!isIP(ip)) return false;
      const address = undressed(ipaddr.parse(ip));
      return networks.some(([base, bits]) => address.kind() === base.kind() && address.match([base, bits]));
    },
    networks: networks.length > 0,
  };
}

function networkOf(entry: string): Network | undefined {
  const text = entry.replace(/^\[(.*)\]$/, '$1');
  if (isIP(text.split('/')[0]!) && ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (!isIP(text)) return undefined;
  const address = ipaddr.parse(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128];
}
