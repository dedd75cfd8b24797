import ipaddr from 'ipaddr.js';

export type Address = ipaddr.IPv4 | ipaddr.IPv6;
export type Network = [Address, number];

/** Names in a sentence for what `ipaddr.js` calls a range. */
const rangeNames: Record<string, string> = {
  unspecified: 'an unspecified address',
  broadcast: 'a broadcast address',
  multicast: 'a multicast address',
  linkLocal: 'a link-local address',
  loopback: 'a loopback address',
  carrierGradeNat: 'an address behind a carrier',
  private: 'a private address',
  uniqueLocal: 'a private address',
  deprecatedSiteLocal: 'a private address',
};
const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3');
const nat64 = ipaddr.IPv6.parseCIDR('64:ff9b::/96');
/** Public by number, but answers from inside the machine's own cloud: Azure's host, which hands out credentials. */
const cloudHosts = new Set(['168.63.129.16']);

/** Reads an address as it is written or as a socket reports it; undefined when it is none. */
export function parseAddress(text: string): Address | undefined {
  const plain = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  if (ipaddr.IPv4.isValidFourPartDecimal(plain)) return ipaddr.IPv4.parse(plain);
  // The library takes `::1.2.3.4` for a mapped address, which it is not; the URL parser writes it in hexadecimal.
  const [withoutZone = ''] = plain.split('%');
  const url =
    withoutZone.includes(':') && URL.canParse(`http://[${withoutZone}]`)
      ? new URL(`http://[${withoutZone}]`)
      : undefined;
  return url && unwrap(ipaddr.IPv6.parse(url.hostname.slice(1, -1)));
}

/** Reads `10.0.0.0/8`, or a single address as a network of one; undefined when it is neither. */
export function parseNetwork(text: string): Network | undefined {
  const address = parseAddress(text);
  if (address) return [address, address.kind() === 'ipv4' ? 32 : 128];
  return ipaddr.isValidCIDR(text) ? ipaddr.parseCIDR(text) : undefined;
}

export function isWithin(address: Address, [base, bits]: Network): boolean {
  return address.kind() === base.kind() && address.match(base as never, bits);
}

/**
 * Why an address is not one on the public internet; undefined when it is. Whatever is not known to be public is not:
 * of IPv6 only global unicast counts, without the ranges for tunnels, translation and documentation.
 */
export function whyNotPublic(address: Address): string | undefined {
  if (cloudHosts.has(address.toString())) return 'an address of the cloud’s own host';
  const range: string = address.range();
  if (range === 'unicast' && (address.kind() === 'ipv4' || isWithin(address, globalUnicast))) return undefined;
  return rangeNames[range] ?? 'a reserved address';
}

/** An IPv4 address inside an IPv6 one that reaches the same host: mapped, or through the well-known NAT64 prefix. */
function unwrap(address: ipaddr.IPv6): Address {
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  if (address.match(nat64)) return new ipaddr.IPv4(address.toByteArray().slice(12));
  return address;
}
