import { type Address, isWithin, type Network, parseAddress, parseNetwork, whyNotPublic } from './addresses.ts';
import { EgressError } from './errors.ts';

interface Rule {
  port: number | undefined;
  /** Whatever is at these addresses, public or not. */
  network?: Network;
  /** A host by name, at public addresses only; one that begins with `*.` stands for all below it, `*` for any. */
  host?: string;
}

/** What may be fetched. */
export interface EgressPolicy {
  /** Throws when a host can under no circumstances be fetched, before its name is looked up. */
  checkHost(host: string, port: number): void;
  /** Throws when a host may not be fetched at this address. */
  checkAddress(host: string, port: number, address: string): void;
}

/**
 * Reads a list of what is allowed. An entry is a host name (`hooks.example.com`), all names below one
 * (`*.example.com`), any public host (`*`), an address or a network (`10.2.0.0/16`, `[fd00::]/8`), each with a port or
 * without (`127.0.0.1:9093`). A name alone never opens a private address: that is named as an address or a network, so
 * that a name cannot be pointed there by whoever owns it. Throws `EgressError` on an entry that is none of these.
 */
export function egressPolicy(allow: readonly string[]): EgressPolicy {
  const rules = allow.map(parseRule);

  function checkAddress(host: string, port: number, text: string): void {
    const address = parseAddress(text);
    if (!address) throw new EgressError('address', `${host} has no address that can be checked`);
    const atPort = rules.filter((rule) => rule.port === undefined || rule.port === port);
    if (atPort.some(({ network }) => network && isWithin(address, network))) return;
    const why = whyNotPublic(address);
    if (why) {
      const what = parseAddress(host) ? `${host} is` : `${host} resolves to ${address}, which is`;
      throw new EgressError('address', `${what} ${why}. Allow it by adding ${asEntry(address)} to the allowed hosts`);
    }
    if (!atPort.some((rule) => rule.host && hostMatches(rule.host, host))) throw notAllowed(host, port);
  }

  return {
    checkAddress,
    checkHost(host, port) {
      if (parseAddress(host)) return checkAddress(host, port, host);
      const possible = rules.some(
        (rule) =>
          (rule.port === undefined || rule.port === port) &&
          (rule.network || (rule.host && hostMatches(rule.host, host))),
      );
      if (!possible) throw notAllowed(host, port);
    },
  };
}

function notAllowed(host: string, port: number): EgressError {
  return new EgressError('host', `${host}:${port} is not among the allowed hosts`);
}

function asEntry(address: Address): string {
  return address.kind() === 'ipv6' ? `[${address}]` : `${address}`;
}

function hostMatches(pattern: string, host: string): boolean {
  if (pattern === '*') return true;
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : host === pattern;
}

function parseRule(entry: string): Rule {
  const text = entry.trim().toLowerCase();
  const [, bracketed, bits = '', bracketedPort] = /^\[([^\]]+)\](\/\d+)?(?::(\d+))?$/.exec(text) ?? [];
  const [, plain, plainPort] = /^([^:]+)(?::(\d+))?$/.exec(text) ?? [];
  const name = bracketed ? `${bracketed}${bits}` : (plain ?? text);
  const portText = bracketedPort ?? plainPort;
  const port = portText === undefined ? undefined : Number(portText);
  const network = parseNetwork(name);
  if (network && (port === undefined || port <= 65_535)) return { port, network };
  const host = name.replace(/(?<=[a-z0-9])\.$/, '');
  const isName = /^(\*|(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*)$/.test(host);
  if (!isName || /^[\d.]+$/.test(host) || (port !== undefined && port > 65_535)) {
    throw new EgressError('host', `"${entry}" in the allowed hosts is no host name, address or network`);
  }
  return { port, host };
}
