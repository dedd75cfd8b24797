import type { KeyValue } from '#lib/adapters/otlp/generated/opentelemetry/proto/common/v1/common_pb.js';
import { shortenName } from './resource.ts';
import { textAttribute } from './values.ts';

const address = /^(localhost|\d+\.\d+\.\d+\.\d+|\[?[\da-f:]*:[\da-f:]*\]?)$/i;

/**
 * The database that a client span asks, or undefined when it asks none. Tempo's service graphs prefer the address
 * (peer.service, server.address, network.peer.address, db.namespace, db.name); here the database's own name goes
 * first and a bare IP address last, because on one machine all databases have the same one.
 */
export function databaseOf(attributes: readonly KeyValue[]): string | undefined {
  const system = textAttribute(attributes, 'db.system.name', 'db.system');
  const namespace = textAttribute(attributes, 'db.namespace', 'db.name');
  if (!system && !namespace) return undefined;
  // Redis numbers its databases.
  const named = namespace && !/^\d+$/.test(namespace) ? namespace : undefined;
  const host = textAttribute(attributes, 'server.address', 'net.peer.name', 'network.peer.address');
  const hostName = host && !address.test(host) ? host : undefined;
  const name = textAttribute(attributes, 'peer.service') ?? named ?? hostName ?? system ?? host ?? namespace;
  return name === undefined ? undefined : shortenName(name);
}

/** Whom a client span calls, as far as it says; the name of an unpaired call's other end. */
export function peerOf(attributes: readonly KeyValue[]): string {
  return shortenName(textAttribute(attributes, 'peer.service', 'server.address', 'net.peer.name') ?? '');
}

/**
 * Whether the other side answered that the request was wrong: 4xx. OpenTelemetry marks the client's span as an error
 * then, but not the server's (semantic conventions, HTTP spans, status), and neither is it a failure of the call.
 */
export function isRefused(attributes: readonly KeyValue[]): boolean {
  return attributes.some(({ key, value }) => {
    if (key !== 'http.response.status_code' && key !== 'http.status_code') return false;
    const status = Number(value?.value.value);
    return status >= 400 && status < 500;
  });
}
