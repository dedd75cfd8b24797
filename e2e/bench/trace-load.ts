import { randomBytes } from 'node:crypto';

const services = ['gateway', 'order', 'product', 'payment', 'notification', 'inventory', 'search', 'ledger'];
const operations = [
  'POST /orders',
  'reserve stock',
  'SELECT products',
  'charge',
  'GET /price',
  'publish',
  'UPDATE stock',
];
const repeated = 'SELECT line';
/** Long enough to be kept whatever is sampled. */
const rootMs = 12_000;
const deepest = 24;
const spansPerBody = 2_000;
const leaves = 37;

interface Planned {
  parent: number;
  service: number;
  name: string;
  /** Nanoseconds since the start of the trace. */
  from: number;
  to: number;
  failed: boolean;
}

/**
 * The same trace for the same number of spans: parts of it call on one after the other, a few at once, some of them the
 * same thing 37 times; one span in 500 fails.
 */
export function planTrace(spanCount: number): Planned[] {
  const spans: Planned[] = [{ parent: -1, service: 0, name: 'POST /orders', from: 0, to: rootMs * 1e6, failed: false }];
  const queue = [{ span: 0, budget: spanCount - 1, depth: 0 }];
  let seed = 7;
  const random = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    return seed / 2 ** 32;
  };
  for (let at = 0; at < queue.length; at++) {
    const { span, budget, depth } = queue[at] as { span: number; budget: number; depth: number };
    if (budget <= 0) continue;
    const above = spans[span] as Planned;
    const isLoop = depth > 3 && budget >= leaves && budget < 4 * leaves;
    const count = isLoop ? leaves : depth >= deepest ? budget : Math.min(budget, 2 + Math.floor(random() * 3));
    const length = (above.to - above.from) * 0.96;
    const begin = above.from + (above.to - above.from) * 0.02;
    let left = budget - count;
    for (let child = 0; child < count; child++) {
      const own = child === count - 1 ? left : Math.floor(left * (isLoop ? 0 : 0.2 + random() * 0.6));
      left -= own;
      const from = begin + (length * child) / count;
      const number = spans.length;
      spans.push({
        parent: span,
        service: isLoop ? above.service : Math.floor(random() * services.length),
        name: isLoop ? repeated : (operations[Math.floor(random() * operations.length)] as string),
        from,
        to: from + (length / count) * (0.5 + random() * 0.45),
        failed: number % 500 === 499,
      });
      if (own > 0) queue.push({ span: number, budget: own, depth: depth + 1 });
    }
  }
  return spans;
}

const value = (of: string | number) => (typeof of === 'string' ? { stringValue: of } : { intValue: of });
const attributes = (of: Record<string, string | number>) =>
  Object.entries(of).map(([key, one]) => ({ key, value: value(one) }));
const idOf = (number: number) => (number + 1).toString(16).padStart(16, '0');

function bodyOf(traceId: string, startNs: bigint, spans: readonly Planned[], from: number, to: number): string {
  const byService = new Map<number, object[]>();
  for (let number = from; number < to; number++) {
    const span = spans[number] as Planned;
    const list = byService.get(span.service) ?? [];
    byService.set(span.service, list);
    list.push({
      traceId,
      spanId: idOf(number),
      parentSpanId: span.parent < 0 ? '' : idOf(span.parent),
      name: span.name,
      kind: span.parent < 0 ? 2 : 1,
      startTimeUnixNano: String(startNs + BigInt(Math.round(span.from))),
      endTimeUnixNano: String(startNs + BigInt(Math.round(span.to))),
      attributes: attributes({ 'bench.number': number, 'url.path': `/v1/things/${number}`, 'thread.id': number % 8 }),
      status: span.failed ? { code: 2, message: `number ${number} failed` } : {},
    });
  }
  const resourceSpans = [...byService].map(([service, list]) => ({
    resource: {
      attributes: attributes({
        'service.name': services[service] as string,
        'service.instance.id': `${services[service]}-1`,
        'deployment.environment.name': 'bench',
      }),
    },
    scopeSpans: [{ scope: { name: 'bench' }, spans: list }],
  }));
  return JSON.stringify({ resourceSpans });
}

/** Sends a trace of so many spans by OTLP/HTTP, the root first, and waits where the receiver says so; returns its id. */
export async function sendTrace(otlpUrl: string, spanCount: number, token?: string): Promise<string> {
  const traceId = randomBytes(16).toString('hex');
  const startNs = BigInt(Date.now() - rootMs - 1_000) * 1_000_000n;
  const spans = planTrace(spanCount);
  for (let from = 0; from < spans.length; from += spansPerBody) {
    const body = bodyOf(traceId, startNs, spans, from, Math.min(spans.length, from + spansPerBody));
    await send(`${otlpUrl}/v1/traces`, body, token);
  }
  return traceId;
}

async function send(url: string, body: string, token: string | undefined): Promise<void> {
  const headers = { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) };
  for (let attempt = 0; attempt < 60; attempt++) {
    const response = await fetch(url, { method: 'POST', headers, body });
    await response.arrayBuffer();
    if (response.ok) return;
    if (response.status !== 429 && response.status !== 503) throw new Error(`the receiver answered ${response.status}`);
    await new Promise((resolve) => setTimeout(resolve, Number(response.headers.get('retry-after') ?? 1) * 1_000));
  }
  throw new Error('the receiver refused for a minute');
}
