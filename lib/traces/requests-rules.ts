import type { AnalyzedSpan, AnalyzedTrace } from './analysis-schemas.ts';
import { isSymptom, leftOutBecause, textOf } from './attribute-kinds-rules.ts';
import type { Attributes } from './schemas.ts';
import { replicaOf, routeOf } from './tally-rules.ts';

/** One request that a service took, with what may explain how it ended. */
export interface ServedRequest {
  failed: boolean;
  startMs: number;
  endMs: number;
  version: string | null;
  replica: string | null;
  route: string;
  /** Services, databases and queues that it called in vain. */
  failedCalls: Set<string>;
  attributes: Attributes;
}

const isEntry = ({ kind }: AnalyzedSpan) => kind === 'server' || kind === 'consumer';
const isCall = ({ kind }: AnalyzedSpan) => kind === 'client' || kind === 'producer';

/**
 * The requests that a service took in some traces: its server and consumer spans, or, where it has none, its spans
 * that are called from elsewhere. Linear, without recursion.
 */
export function requestsOf(traces: readonly AnalyzedTrace[], service: string): ServedRequest[] {
  return traces.flatMap(({ spans }) => {
    const byId = new Map(spans.map((span) => [span.spanId, span]));
    const below = new Map<string, AnalyzedSpan[]>();
    for (const span of spans) {
      if (span.parentSpanId === null) continue;
      const siblings = below.get(span.parentSpanId);
      if (siblings) siblings.push(span);
      else below.set(span.parentSpanId, [span]);
    }
    const own = spans.filter((span) => span.service === service);
    const entries = own.filter(isEntry);
    const taken =
      entries.length > 0 ? entries : own.filter((span) => byId.get(span.parentSpanId ?? '')?.service !== service);
    return taken.map((span) => requestOf(span, below));
  });
}

function requestOf(span: AnalyzedSpan, below: ReadonlyMap<string, AnalyzedSpan[]>): ServedRequest {
  const startMs = Number(span.startNs / 1_000n) / 1_000;
  const version = span.resource['service.version'];
  return {
    failed: span.status === 'error',
    startMs,
    endMs: startMs + Number(span.durationNs) / 1e6,
    version: typeof version === 'string' ? version : null,
    replica: replicaOf(span.resource),
    route: routeOf(span.name, span.attributes),
    failedCalls: failedCallsOf(span, below),
    attributes: span.attributes,
  };
}

/** What failed below a request, as far as its own service goes. */
function failedCallsOf(request: AnalyzedSpan, below: ReadonlyMap<string, AnalyzedSpan[]>): Set<string> {
  const failed = new Set<string>();
  const seen = new Set([request.spanId]);
  const stack = [request];
  for (let span = stack.pop(); span !== undefined; span = stack.pop()) {
    const children = below.get(span.spanId) ?? [];
    if (span !== request && isCall(span) && span.status === 'error') {
      const callee = children.find(({ service }) => service !== request.service)?.service;
      failed.add(callee ?? calleeOf(span.attributes) ?? span.name);
    }
    for (const child of children) {
      if (child.service !== request.service) {
        if (!isCall(span) && child.status === 'error' && child.kind !== 'consumer') failed.add(child.service);
      } else if (!seen.has(child.spanId) && !isEntry(child)) {
        seen.add(child.spanId);
        stack.push(child);
      }
    }
  }
  return failed;
}

/** What a call was made to, where the called side left no span. */
function calleeOf(attributes: Attributes): string | null {
  const keys = [
    'peer.service',
    'db.system.name',
    'db.system',
    'messaging.destination.name',
    'messaging.system',
    'server.address',
  ];
  for (const key of keys) {
    const value = attributes[key];
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}

const leftToOthers = new Set([
  'http.route',
  'url.path',
  'url.full',
  'http.target',
  'http.url',
  'http.request.method',
  'http.method',
]);

/** Attributes of requests that may tell failing ones from others: no symptoms, no identifiers, no routes. */
export function comparableAttributes(
  requests: readonly ServedRequest[],
): Map<string, Map<string, { failing: number; ok: number }>> {
  const all = new Map<string, Map<string, { failing: number; ok: number }>>();
  for (const { attributes, failed } of requests) {
    for (const [key, value] of Object.entries(attributes)) {
      if (value === null || typeof value === 'object' || isSymptom(key) || leftToOthers.has(key)) continue;
      const values = all.get(key) ?? new Map<string, { failing: number; ok: number }>();
      all.set(key, values);
      const text = textOf(value);
      const counts = values.get(text) ?? { failing: 0, ok: 0 };
      values.set(text, counts);
      counts[failed ? 'failing' : 'ok'] += 1;
    }
  }
  for (const [key, values] of all) {
    const total = [...values.values()].reduce((sum, { failing, ok }) => sum + failing + ok, 0);
    const examples = [...values.keys()].slice(0, 100);
    const seen = { key, distinct: values.size, total, examples, isNumeric: false };
    if (leftOutBecause(seen) !== null) all.delete(key);
  }
  return all;
}
