import { type Attributes, context, createContextKey } from '@opentelemetry/api';

const KEY = createContextKey('quarterdeck called service');

interface Peer {
  readonly service: string;
  readonly route?: string;
}

/** Runs `fn` so that client spans made within it name the called service. */
export function callingPeer<T>(service: string, route: string | undefined, fn: () => T): T {
  return context.with(context.active().setValue(KEY, { service, route } satisfies Peer), fn);
}

/** Attributes for the client span that is being made, or none. */
export function peerOf(): Attributes {
  const peer = context.active().getValue(KEY) as Peer | undefined;
  if (!peer) return {};
  return { 'peer.service': peer.service, ...(peer.route ? { 'url.template': peer.route } : {}) };
}
