import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ReturnType<typeof ipaddr.parse>;

/** All of IPv6 that is given out; what lies beside it is nobody's, whatever its range is called one day. */
const GIVEN_OUT = ipaddr.parseCIDR('2000::/3');
/** What a name server of an IPv6-only network makes of an IPv4 host (DNS64). */
const NAT64 = ipaddr.parseCIDR('64:ff9b::/96');
/** Azure's own services answer every machine there, from an address in a public range. */
const AZURE_HOST = '168.63.129.16';

/** An IPv4 address that came in the clothes of an IPv6 one. */
export function undressed(address: Address): Address {
  if (!(address instanceof ipaddr.IPv6)) return address;
  if (address.match(NAT64)) return ipaddr.fromByteArray(address.toByteArray().slice(12));
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

/**
 * Whether an address is one of the public internet. A rule of what may be, not of what may not: loopback, private,
 * shared, link-local, documentation, multicast, 6to4, Teredo and local NAT64 ranges all fall outside of it.
 */
export function isPublicAddress(ip: string): boolean {
  if (!isIP(ip)) return false; // ipaddr.js would read `1.2.3` and `0x7f.1`, too
  const address = undressed(ipaddr.parse(ip));
  if (address.range() !== 'unicast' || address.toString() === AZURE_HOST) return false;
  return address instanceof ipaddr.IPv4 || address.match(GIVEN_OUT);
}
