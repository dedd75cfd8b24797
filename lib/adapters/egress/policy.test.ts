import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EgressError } from './errors.ts';
import { egressPolicy } from './policy.ts';

function verdict(allow: string[], address: string, { host = 'hooks.example.com', port = 443 } = {}): string {
  try {
    const policy = egressPolicy(allow);
    policy.checkHost(host, port);
    policy.checkAddress(host, port, address);
    return 'allowed';
  } catch (error) {
    return (error as EgressError).reason;
  }
}

describe('addresses that are not public', () => {
  it.each([
    ['this network', '0.0.0.0'],
    ['this network, not its first', '0.1.2.3'],
    ['loopback', '127.0.0.1'],
    ['loopback, not its first', '127.8.9.10'],
    ['private 10/8', '10.0.0.1'],
    ['private 172.16/12, first', '172.16.0.1'],
    ['private 172.16/12, last', '172.31.255.254'],
    ['private 192.168/16', '192.168.1.1'],
    ['link-local', '169.254.1.1'],
    ['cloud metadata', '169.254.169.254'],
    ['Alibaba metadata, carrier grade', '100.100.100.200'],
    ['carrier grade, first', '100.64.0.1'],
    ['carrier grade, last', '100.127.255.254'],
    ['Azure host', '168.63.129.16'],
    ['protocol assignments, Oracle metadata', '192.0.0.192'],
    ['documentation 1', '192.0.2.1'],
    ['documentation 2', '198.51.100.1'],
    ['documentation 3', '203.0.113.1'],
    ['6to4 relay', '192.88.99.1'],
    ['benchmarking', '198.19.0.1'],
    ['multicast', '224.0.0.1'],
    ['multicast, last', '239.255.255.255'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['IPv6 unspecified', '::'],
    ['IPv6 loopback', '::1'],
    ['IPv6 link-local', 'fe80::1'],
    ['IPv6 link-local with zone', 'fe80::1%eth0'],
    ['IPv6 site-local', 'fec0::1'],
    ['unique local fc', 'fc00::1'],
    ['unique local fd, AWS metadata', 'fd00:ec2::254'],
    ['IPv6 multicast', 'ff02::1'],
    ['mapped loopback', '::ffff:127.0.0.1'],
    ['mapped loopback in hexadecimal', '::ffff:7f00:1'],
    ['mapped private', '::ffff:10.1.2.3'],
    ['translated (RFC 6145)', '::ffff:0:127.0.0.1'],
    ['compatible', '::127.0.0.1'],
    ['compatible, public inside', '::8.8.8.8'],
    ['NAT64 with loopback inside', '64:ff9b::127.0.0.1'],
    ['NAT64 with metadata inside', '64:ff9b::a9fe:a9fe'],
    ['NAT64 of a local operator', '64:ff9b:1::8.8.8.8'],
    ['6to4 with private inside', '2002:a00:1::'],
    ['6to4 with public inside', '2002:808:808::1'],
    ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    ['IPv6 documentation', '2001:db8::1'],
    ['IPv6 documentation, new', '3fff::1'],
    ['IPv6 benchmarking', '2001:2::1'],
    ['discard only', '100::1'],
    ['segment routing', '5f00::1'],
    ['unassigned', '4000::1'],
    ['no address', 'not-an-address'],
    ['empty', ''],
  ])('%s (%s) is refused even where any host is allowed', (_what, address) => {
    expect(verdict(['*'], address)).toBe('address');
  });

  it.each(['8.8.8.8', '1.1.1.1', '100.63.255.255', '100.128.0.1', '172.15.255.255', '172.32.0.1', '2606:4700::1111'])(
    '%s is public',
    (address) => {
      expect(verdict(['*'], address)).toBe('allowed');
    },
  );

  it.each(['::ffff:8.8.8.8', '64:ff9b::8.8.8.8'])('%s stands for the public address inside it', (address) => {
    expect(verdict(['*'], address)).toBe('allowed');
  });

  it('holds for every private IPv4 address, mapped or not', () => {
    const octet = fc.integer({ min: 0, max: 255 });
    const first = fc.constantFrom(0, 10, 127, 224, 255);
    fc.assert(
      fc.property(first, octet, octet, octet, (a, b, c, d) => {
        const text = [a, b, c, d].join('.');
        expect(verdict(['*'], text)).toBe('address');
        expect(verdict(['*'], `::ffff:${text}`)).toBe('address');
        expect(verdict(['*'], `64:ff9b::${text}`)).toBe('address');
      }),
    );
  });
});

describe('the list of what is allowed', () => {
  const publicAddress = '93.184.215.14';

  it.each([
    [['hooks.example.com'], 'allowed'],
    [['HOOKS.example.com.'], 'allowed'],
    [['*.example.com'], 'allowed'],
    [['example.com'], 'host'],
    [['*.hooks.example.com'], 'host'],
    [['*.ample.com'], 'host'],
    [['hooks.example.com:443'], 'allowed'],
    [['hooks.example.com:8443'], 'host'],
    [[], 'host'],
    [['10.0.0.0/8'], 'host'],
    [['93.184.0.0/16'], 'allowed'],
  ])('%j and hooks.example.com at a public address: %s', (allow, expected) => {
    expect(verdict(allow, publicAddress)).toBe(expected);
  });

  it.each([
    [['hooks.example.com'], '10.0.0.5', 'address'],
    [['10.0.0.5'], '10.0.0.5', 'allowed'],
    [['10.0.0.0/24'], '10.0.0.5', 'allowed'],
    [['10.0.0.0/24'], '10.0.1.5', 'address'],
    [['10.0.0.0/24'], '::ffff:10.0.0.5', 'allowed'],
    [['127.0.0.1:443'], '127.0.0.1', 'allowed'],
    [['127.0.0.1:9093'], '127.0.0.1', 'host'],
    [['*', '127.0.0.1:9093'], '127.0.0.1', 'address'],
    [['fd00::/8'], 'fd00::5', 'allowed'],
    [['[fd00::]/8'], 'fd00::5', 'allowed'],
    [['[fd00::5]:443'], 'fd00::5', 'allowed'],
    [['[fd00::5]:80'], 'fd00::5', 'host'],
    [['::1'], '::1', 'allowed'],
  ])('%j and a name that resolves to %s: %s', (allow, address, expected) => {
    expect(verdict(allow, address)).toBe(expected);
  });

  it('refuses an address that is written in place of a name without looking anything up', () => {
    for (const host of ['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '169.254.169.254']) {
      expect(() => egressPolicy(['*']).checkHost(host, 80)).toThrow(/loopback|link-local/);
    }
  });

  it('says what to add', () => {
    expect(() => egressPolicy(['*']).checkAddress('chat.corp', 80, '10.3.4.5')).toThrow(
      'chat.corp resolves to 10.3.4.5, which is a private address. Allow it by adding 10.3.4.5 to the allowed hosts',
    );
  });

  it.each([
    '',
    'http://example.com',
    'a b',
    '10.0.0.0/33',
    '1.2.3',
    'example.com:99999',
    '*.',
    'ex*mple.com',
    'user@host',
  ])('does not take %j as an entry', (entry) => {
    expect(() => egressPolicy([entry])).toThrow(EgressError);
  });
});
