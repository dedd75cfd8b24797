import type { Facts } from '../decode/facts.ts';
import { addDuration, countOf, emptyDurations } from '../decode/tally.ts';
import type { ReceiverMetrics } from '../metrics.ts';
import { exposition } from './exposition.ts';
import { type Call, createPairing } from './pairing.ts';
import { seriesStore } from './series.ts';

const waitMs = 10_000;
const mostWaiting = 65_536;
const mostEdges = 1_000;
const mostSpanSeries = 2_000;
const mostDigests = 8_192;
/** What nothing was added to for this long is not exposed any more. */
const staleMs = 60 * 60_000;

/** Stands for the names for which there was no room. */
export const overflowName = '_other';

/** Metrics that are derived from all spans that were stored or left out by sampling, in Tempo's names. */
export interface Derived {
  /** Counts what a request tells; a request that was counted already is not counted again. */
  count(facts: Facts): void;
  /** Whether a request with this digest was counted, as far as is remembered. */
  isCounted(digest: string): boolean;
  /** In the text format of Prometheus. */
  expose(): string;
  stop(): void;
}

export function createDerived(
  metrics: Pick<ReceiverMetrics, 'derivedOverflow' | 'callsWaiting' | 'callsUnpaired'>,
): Derived {
  const counted = new Set<string>();
  const edges = seriesStore(
    mostEdges,
    ([environment = '', client = '', , type = '']) => [
      [environment, client, overflowName, type],
      [overflowName, overflowName, overflowName, ''],
    ],
    () => metrics.derivedOverflow.inc({ what: 'edges' }),
  );
  const spans = seriesStore(
    mostSpanSeries,
    ([environment = '', service = '', , kind = '', status = '']) => [
      [environment, service, overflowName, kind, status],
      [overflowName, overflowName, overflowName, 'SPAN_KIND_UNSPECIFIED', 'STATUS_CODE_UNSET'],
    ],
    () => metrics.derivedOverflow.inc({ what: 'spans' }),
  );
  const pairing = createPairing({
    waitMs,
    most: mostWaiting,
    onCall: (call) => countCall(call),
    onOverflow: () => metrics.derivedOverflow.inc({ what: 'waiting' }),
  });

  function countCall({ client, server }: Call): void {
    const failed = client?.failed || server?.failed ? 1 : 0;
    const clientName = client?.service;
    const serverName = server?.service ?? client?.peer;
    if (!clientName || !serverName) {
      metrics.callsUnpaired.inc({ side: client ? 'client' : 'server' });
      return;
    }
    const type = !server ? 'virtual_node' : client.isMessage || server.isMessage ? 'messaging_system' : '';
    edges.add([server?.environment ?? client.environment, clientName, serverName, type], {
      requests: 1,
      failed,
      client: durationOf(client.seconds),
      ...(server && { server: durationOf(server.seconds) }),
    });
  }

  const timer = setInterval(() => {
    const now = Date.now();
    pairing.expire(now);
    metrics.callsWaiting.set(pairing.waiting());
    edges.forgetUntouchedSince(now - staleMs);
    spans.forgetUntouchedSince(now - staleMs);
  }, 1_000);
  timer.unref();

  return {
    count({ digest, spans: spanTallies, databases, entrances, ends }) {
      if (counted.has(digest)) return;
      counted.add(digest);
      const [oldest] = counted;
      if (counted.size > mostDigests && oldest !== undefined) counted.delete(oldest);
      for (const { labels, failed, durations } of spanTallies) {
        spans.add(labels, { requests: countOf(durations), failed, server: durations });
      }
      for (const { labels, failed, durations } of databases) {
        // A database has no span of its own; Tempo too takes the client's for both sides.
        edges.add(labels, { requests: countOf(durations), failed, client: durations, server: durations });
      }
      for (const { labels, failed, durations } of entrances) {
        edges.add(labels, { requests: countOf(durations), failed, server: durations });
      }
      const now = Date.now();
      for (const end of ends) pairing.add(end, now);
    },
    isCounted: (digest) => counted.has(digest),
    expose: () => exposition(edges, spans),
    stop: () => clearInterval(timer),
  };
}

function durationOf(seconds: number) {
  const durations = emptyDurations();
  addDuration(durations, seconds);
  return durations;
}
