import type { SpanDetail } from '#lib/adapters/traces/port.ts';
import type { AnalyzedTrace } from '../analysis-schemas.ts';
import { newTraceId, spanOf } from './memory-source.ts';

/** Numbers that look random and are the same in every run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface ShopOptions {
  traces: number;
  seed?: number;
  /** When the last of them starts, in milliseconds since 1970; one a second before it. */
  untilMs?: number;
  /** Which requests to payment fail. */
  fails?: (request: { route: string; replica: string; version: string; atMs: number }) => boolean;
}

const routes = ['POST /charges', 'POST /refunds', 'GET /charges/{id}'] as const;
const currencies = ['EUR', 'USD', 'GBP'];

/** A shop of three services: gateway → order → payment → database, with what real spans carry, noise included. */
export function shopSpans({
  traces,
  seed = 1,
  untilMs = 1_700_000_000_000,
  fails = () => false,
}: ShopOptions): SpanDetail[] {
  const random = seeded(seed);
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T;
  const hex = (digits: number) => Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
  const resources = new Map<string, SpanDetail['resource']>();
  const resourceOf = (service: string, replica: number, version: string) => {
    const id = `${service}-${replica}`;
    const known = resources.get(id) ?? {
      'service.name': service,
      'service.instance.id': id,
      'service.version': version,
      'deployment.environment.name': 'production',
      'process.pid': 4_000 + resources.size,
    };
    resources.set(id, known);
    return known;
  };
  return Array.from({ length: traces }, (_, index) => {
    const traceId = newTraceId();
    const atMs = untilMs - (traces - 1 - index) * 1_000;
    const startNs = BigInt(atMs) * 1_000_000n;
    const replica = 1 + Math.floor(random() * 3);
    const version = replica === 3 ? '4.2.0' : '4.1.0';
    const route = pick(routes);
    const failed = fails({ route, replica: `payment-${replica}`, version, atMs });
    const status = failed ? ('error' as const) : ('unset' as const);
    const [method = '', path = ''] = route.split(' ');
    const common = { traceId, status };
    const lasts = (ms: number) => BigInt(Math.round(ms * (0.5 + random()) * 1e6));
    const at = (ms: number) => startNs + BigInt(Math.round(ms * 1e6));
    const code = failed ? 503 : 200;
    const root = spanOf({
      ...common,
      service: 'gateway',
      name: 'POST /api/orders',
      startNs,
      durationNs: lasts(60),
      resource: resourceOf('gateway', 1, '1.0.0'),
      attributes: {
        'http.route': '/api/orders',
        'http.request.method': 'POST',
        'http.response.status_code': code,
        'client.address': `10.0.0.${Math.floor(random() * 250)}`,
        'network.peer.port': 30_000 + Math.floor(random() * 30_000),
        'user.id': `u-${Math.floor(random() * 40)}`,
        'order.id': hex(24),
        'request.time': atMs,
      },
    });
    const order = spanOf({
      ...common,
      parentSpanId: root.spanId,
      service: 'order',
      name: 'POST /orders',
      startNs: at(1),
      durationNs: lasts(50),
      resource: resourceOf('order', 1 + Math.floor(random() * 2), '2.3.0'),
      attributes: {
        'http.route': '/orders',
        'http.response.status_code': code,
        'order.items': 1 + Math.floor(random() * 60),
      },
    });
    const call = spanOf({
      ...common,
      parentSpanId: order.spanId,
      service: 'order',
      name: method,
      kind: 'client',
      startNs: at(2),
      durationNs: lasts(40),
      resource: order.resource,
      attributes: { 'peer.service': 'payment', 'http.request.method': method, 'http.response.status_code': code },
    });
    const payment = spanOf({
      ...common,
      parentSpanId: call.spanId,
      service: 'payment',
      name: route,
      startNs: at(3),
      durationNs: lasts(35),
      resource: resourceOf('payment', replica, version),
      attributes: {
        'http.route': path,
        'http.request.method': method,
        'http.response.status_code': code,
        'payment.currency': pick(currencies),
        ...(failed && { 'error.type': 'TimeoutError' }),
      },
    });
    const query = spanOf({
      traceId,
      parentSpanId: payment.spanId,
      service: 'payment',
      name: 'SELECT charge',
      kind: 'client',
      startNs: at(4),
      durationNs: lasts(3),
      resource: payment.resource,
      attributes: { 'db.system.name': 'postgresql', 'db.query.text': 'select * from charge where id = $1' },
    });
    return [root, order, call, payment, query];
  }).flat();
}

/** Spans by trace, as rules look at them. */
export function analyzed(spans: readonly SpanDetail[]): AnalyzedTrace[] {
  return [...Map.groupBy(spans, ({ traceId }) => traceId)].map(([traceId, all]) => ({ traceId, spans: all }));
}

/** Those whose first span failed, and the others. */
export function byOutcome(spans: readonly SpanDetail[]): { failing: AnalyzedTrace[]; ok: AnalyzedTrace[] } {
  const all = analyzed(spans);
  const failed = ({ spans: own }: AnalyzedTrace) => own[0]?.status === 'error';
  return { failing: all.filter(failed), ok: all.filter((trace) => !failed(trace)) };
}
