import { describe, expect, test } from 'vitest';
import { clientAddress, peerHeader } from './client-address.ts';

const address = (peer: string | null, forwarded: string | null, trusted: string[]) => {
  const headers = new Headers();
  if (peer !== null) headers.set(peerHeader, peer);
  if (forwarded !== null) headers.set('x-forwarded-for', forwarded);
  return clientAddress(headers, trusted);
};

describe("the caller's address", () => {
  test.each<[string, string | null, string | null, string[], string]>([
    ['is that of the connection', '203.0.113.7', null, [], '203.0.113.7'],
    ['ignores what an untrusted peer claims', '203.0.113.7', '1.2.3.4', [], '203.0.113.7'],
    ['is what a trusted proxy saw', '10.0.0.1', '203.0.113.7', ['10.0.0.1'], '203.0.113.7'],
    [
      'is the last one that a trusted proxy did not write',
      '10.0.0.1',
      '6.6.6.6, 203.0.113.7',
      ['10.0.0.1'],
      '203.0.113.7',
    ],
    ['goes through several proxies', '10.0.0.1', '203.0.113.7, 10.0.0.2', ['10.0.0.1', '10.0.0.2'], '203.0.113.7'],
    ['stays within a range', '10.9.8.7', '203.0.113.7,10.1.1.1', ['10.0.0.0/8'], '203.0.113.7'],
    ['ends where the list ends', '10.0.0.1', '10.0.0.2', ['10.0.0.0/8'], '10.0.0.2'],
    ['ends where garbage begins', '10.0.0.1', '203.0.113.7, <script>', ['10.0.0.1'], '10.0.0.1'],
    ['knows IPv4 in IPv6', '::ffff:10.0.0.1', '203.0.113.7', ['10.0.0.1'], '203.0.113.7'],
    ['writes IPv4 in IPv6 once', '::ffff:203.0.113.7', null, [], '203.0.113.7'],
    ['knows IPv6 in its many forms', '0:0:0:0:0:0:0:1', '2001:DB8::1', ['::1'], '2001:db8::1'],
    ['drops a port', '10.0.0.1', '203.0.113.7:5678', ['10.0.0.1'], '203.0.113.7'],
    ['drops a port of IPv6', '10.0.0.1', '[2001:db8::1]:5678', ['10.0.0.1'], '2001:db8::1'],
    ['is unknown without a connection', null, '203.0.113.7', ['10.0.0.1'], 'unknown'],
    ['does not mix the families', '::1', '203.0.113.7', ['0.0.0.0/0'], '::1'],
  ])('%s', (_, peer, forwarded, trusted, expected) => {
    expect(address(peer, forwarded, trusted)).toBe(expected);
  });
});
