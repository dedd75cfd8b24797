import type { CallEnd } from '../decode/facts.ts';

/** A call of which both ends are known, or one whose other end did not come. */
export interface Call {
  client?: CallEnd;
  server?: CallEnd;
}

export interface Pairing {
  add(end: CallEnd, now: number): void;
  /** Gives up on ends that have waited long enough. */
  expire(now: number): void;
  waiting(): number;
}

/**
 * Pairs the client's span of a call with the server's span whose parent it is. An end waits `waitMs` for the other;
 * at most `most` wait, and what comes above that is not paired.
 */
export function createPairing({
  waitMs,
  most,
  onCall,
  onOverflow,
}: {
  waitMs: number;
  most: number;
  onCall(call: Call): void;
  onOverflow(): void;
}): Pairing {
  const clients = new Map<string, { end: CallEnd; until: number }>();
  const servers = new Map<string, { end: CallEnd; until: number }>();

  return {
    add(end, now) {
      const [own, others] = end.isServer ? [servers, clients] : [clients, servers];
      const other = others.get(end.key);
      if (other) {
        others.delete(end.key);
        onCall(end.isServer ? { client: other.end, server: end } : { client: end, server: other.end });
      } else if (own.has(end.key)) {
        // A second consumer of a message, or a server that was asked twice within one client span.
        onCall(end.isServer ? { server: end } : { client: end });
      } else if (clients.size + servers.size >= most) {
        onOverflow();
      } else {
        own.set(end.key, { end, until: now + waitMs });
      }
    },
    expire(now) {
      for (const ends of [clients, servers]) {
        // They were added in the order in which they expire.
        for (const [key, { end, until }] of ends) {
          if (until > now) break;
          ends.delete(key);
          onCall(end.isServer ? { server: end } : { client: end });
        }
      }
    },
    waiting: () => clients.size + servers.size,
  };
}
