import ipaddr from 'ipaddr.js';

/** Where the web process notes the address of the connection; whatever a client sends under this name is overwritten. */
export const peerHeader = 'x-quarterdeck-peer';

/** An address as it is written once: IPv4 inside IPv6 taken out, a port cut off; null for what is no address. */
function parseAddress(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  const bare = /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.[1] ?? text;
  return ipaddr.isValid(bare) ? ipaddr.process(bare) : null;
}

function isTrusted(address: ipaddr.IPv4 | ipaddr.IPv6, trustedProxies: string[]): boolean {
  return trustedProxies.some((entry) => {
    const [range, bits] = entry.includes('/') ? ipaddr.parseCIDR(entry) : [ipaddr.process(entry), null];
    if (range.kind() !== address.kind()) return false;
    return bits === null ? range.toString() === address.toString() : address.match([range, bits] as never);
  });
}

/**
 * The caller's address. `X-Forwarded-For` is read from its end, only as far as the proxies that wrote it are trusted
 * (addresses or CIDR ranges), and only while it holds addresses. `unknown` where the connection has none.
 */
export function clientAddress(headers: Headers, trustedProxies: string[]): string {
  const forwarded = (headers.get('x-forwarded-for')?.split(',') ?? []).map((part) => part.trim());
  let address = parseAddress(headers.get(peerHeader) ?? '');
  if (!address) return 'unknown';
  while (isTrusted(address, trustedProxies)) {
    const next = parseAddress(forwarded.pop() ?? '');
    if (!next) break;
    address = next;
  }
  return address.toString();
}
