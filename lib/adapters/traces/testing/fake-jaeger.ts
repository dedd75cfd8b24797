import type { ServerResponse } from 'node:http';
import type { AttributeValue } from '#lib/adapters/otlp/attributes.ts';
import { greatest, least } from '../bigints.ts';
import { asJson, endOf, type Kept, OtlpStore, rootOf, startOf } from './otlp-store.ts';
import { serve, type TestServer } from './server.ts';

/** `camel`: as 2.19 and later; `snake`: as 2.0 to 2.18; `legacy`: the internal API alone. */
export type FakeJaegerApi = 'camel' | 'snake' | 'legacy';

/**
 * Answers as Jaeger with its store in memory does. `snake` and `legacy` follow a real 2.13; `camel`, of which there
 * was none to look at, follows the reference and the sources of 2.19: both spellings of parameters, attributes in
 * searches, summaries, and no search in the internal API.
 */
export function startFakeJaeger(api: FakeJaegerApi): Promise<TestServer> {
  const store = new OtlpStore();
  return serve(async ({ pathname, searchParams: parameters }, response, request) => {
    if (pathname === '/v1/traces') {
      await store.take(request);
      response.writeHead(200).end();
      return;
    }
    const answered =
      (api !== 'legacy' && answerV3(store, api, pathname, parameters, response)) ||
      answerInternal(store, api, pathname, parameters, response);
    if (!answered) page(response);
  });
}

/** Everything that is no API is the UI, with a script that tells the version. */
function page(response: ServerResponse): void {
  response
    .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    .end('<!doctype html><script>JAEGER_VERSION = {"gitCommit":"","gitVersion":"v2.0.0","buildDate":""};</script>');
}

/** v3 writes JSON without saying so. */
const v3 = (response: ServerResponse, body: unknown) => {
  response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8' }).end(JSON.stringify(body));
};
const v3Error = (response: ServerResponse, httpCode: number, message: string) => {
  const body = JSON.stringify({ error: { httpCode, message } });
  response.writeHead(httpCode, { 'content-type': 'text/plain; charset=utf-8' }).end(`${body}\n`);
};

interface Query {
  service: string;
  operation: string;
  fromNs: bigint;
  toNs: bigint;
  minNs: bigint;
  maxNs: bigint;
  limit: number;
  tags: Record<string, string>;
  /** The status that the tag `error=true` finds: Jaeger 2's store in memory takes the text for no boolean. */
  failing: 1 | 2;
}

function answerV3(
  store: OtlpStore,
  api: 'camel' | 'snake',
  pathname: string,
  parameters: URLSearchParams,
  response: ServerResponse,
): boolean {
  const read = (camel: string, snake: string) =>
    (api === 'camel' ? (parameters.get(camel) ?? parameters.get(snake)) : parameters.get(snake)) ?? '';
  const [, id] = /^\/api\/v3\/traces\/([^/]+)$/.exec(pathname) ?? [];
  if (id !== undefined) {
    if (!/^[0-9a-f]{1,32}$/i.test(id)) {
      v3Error(response, 400, 'malformed parameter trace_id');
      return true;
    }
    const found = store.traces.get(id.toLowerCase().padStart(32, '0'));
    if (found) v3(response, { result: asJson(found) });
    else v3Error(response, 404, 'No traces found');
    return true;
  }
  if (pathname === '/api/v3/services') {
    v3(response, store.services.length > 0 ? { services: store.services } : {});
    return true;
  }
  if (pathname === '/api/v3/operations') {
    const service = parameters.get('service') ?? '';
    const operations = operationsOf(store, service).map((name) => ({ name, spanKind: 'server' }));
    v3(response, operations.length > 0 ? { operations } : {});
    return true;
  }
  const summaries = api === 'camel' && pathname === '/api/v3/trace-summaries';
  if (pathname !== '/api/v3/traces' && !summaries) return false;
  const [from, to] = [
    read('query.startTimeMin', 'query.start_time_min'),
    read('query.startTimeMax', 'query.start_time_max'),
  ];
  if (!from || !to) {
    v3Error(response, 400, 'query.start_time_min and query.start_time_max are required');
    return true;
  }
  const found = search(store, {
    service: read('query.serviceName', 'query.service_name'),
    operation: read('query.operationName', 'query.operation_name'),
    fromNs: BigInt(Date.parse(from)) * 1_000_000n,
    toNs: BigInt(Date.parse(to)) * 1_000_000n,
    minNs: durationNs(read('query.durationMin', 'query.duration_min')),
    maxNs: durationNs(read('query.durationMax', 'query.duration_max')),
    limit: Number(read('query.searchDepth', 'query.num_traces') || 100),
    failing: 1,
    tags: api === 'camel' ? JSON.parse(parameters.get('query.attributes') ?? '{}') : {},
  });
  if (summaries) v3(response, found.length > 0 ? { summaries: found.map(summaryOf) } : {});
  else if (found.length > 0) v3(response, { result: asJson(found.flat()) });
  else v3Error(response, 404, 'No traces found');
  return true;
}

function answerInternal(
  store: OtlpStore,
  api: FakeJaegerApi,
  pathname: string,
  parameters: URLSearchParams,
  response: ServerResponse,
): boolean {
  const answer = (data: unknown, status = 200, errors: unknown = null) => {
    const body = JSON.stringify({ data, total: 0, limit: 0, offset: 0, errors });
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    return true;
  };
  const [, id] = /^\/api\/traces\/([^/]+)$/.exec(pathname) ?? [];
  if (id !== undefined) {
    const found = store.traces.get(id.toLowerCase().padStart(32, '0'));
    return found ? answer([internalTrace(found)]) : answer(null, 404, [{ code: 404, msg: 'trace not found' }]);
  }
  if (api === 'camel') return false;
  if (pathname === '/api/services') return answer(store.services);
  const [, service] = /^\/api\/services\/([^/]+)\/operations$/.exec(pathname) ?? [];
  if (service !== undefined) return answer(operationsOf(store, decodeURIComponent(service)));
  if (pathname !== '/api/traces') return false;
  const wanted = parameters.get('service') ?? '';
  if (!wanted) return answer(null, 400, [{ code: 400, msg: "parameter 'service' is required" }]);
  const found = search(store, {
    service: wanted,
    operation: parameters.get('operation') ?? '',
    fromNs: BigInt(parameters.get('start') ?? 0) * 1_000n,
    toNs: BigInt(parameters.get('end') ?? 0) * 1_000n,
    minNs: durationNs(parameters.get('minDuration') ?? ''),
    maxNs: durationNs(parameters.get('maxDuration') ?? ''),
    limit: Number(parameters.get('limit') ?? 100),
    tags: JSON.parse(parameters.get('tags') ?? '{}'),
    failing: api === 'legacy' ? 2 : 1,
  });
  return answer(found.map(internalTrace));
}

/** A duration of Go in one unit. */
function durationNs(text: string): bigint {
  if (text === '') return 0n;
  const [, number, unit] = /^(\d+)(us|ms|s)$/.exec(text) ?? [];
  if (!number) throw new Error(`time: invalid duration ${text}`);
  return BigInt(number) * { us: 1_000n, ms: 1_000_000n, s: 1_000_000_000n }[unit as 'us' | 'ms' | 's'];
}

const operationsOf = (store: OtlpStore, service: string) => [
  ...new Set([...store.traces.values()].flat().flatMap((kept) => (kept.service === service ? [kept.span.name] : []))),
];

/** Traces of which one span fits, newest first. */
function search(store: OtlpStore, query: Query): Kept[][] {
  const fitting = [...store.traces.values()].filter((spans) => spans.some((kept) => fits(kept, query)));
  const newest = (spans: Kept[]) => spans.map(startOf).reduce(least);
  return fitting.sort((a, b) => (newest(a) > newest(b) ? -1 : 1)).slice(0, query.limit);
}

function fits(kept: Kept, { failing, service, operation, fromNs, toNs, minNs, maxNs, tags }: Query): boolean {
  const duration = endOf(kept) - startOf(kept);
  return (
    kept.service === service &&
    (operation === '' || kept.span.name === operation) &&
    startOf(kept) >= fromNs &&
    startOf(kept) <= toNs &&
    (minNs === 0n || duration >= minNs) &&
    (maxNs === 0n || duration <= maxNs) &&
    Object.entries(tags).every(([key, value]) => tagValue(kept, key, failing) === value)
  );
}

function tagValue(kept: Kept, key: string, failing: number): string | undefined {
  if (key === 'error') return kept.span.status?.code === failing ? 'true' : undefined;
  const value = kept.attributes[key] ?? kept.resourceAttributes[key];
  return value === undefined ? undefined : String(value);
}

function summaryOf(spans: Kept[]) {
  const root = rootOf(spans);
  const failed = (kept: Kept) => kept.span.status?.code === 2;
  const ids = new Set(spans.map(({ spanId }) => spanId));
  return {
    traceId: spans[0]?.traceId,
    ...(root ? { rootServiceName: root.service, rootOperationName: root.span.name } : {}),
    minStartTimeUnixNano: String(spans.map(startOf).reduce(least)),
    maxEndTimeUnixNano: String(spans.map(endOf).reduce(greatest)),
    spanCount: spans.length,
    errorSpanCount: spans.filter(failed).length,
    orphanSpanCount: spans.filter(({ parentId }) => parentId !== '' && !ids.has(parentId)).length,
    services: [...Map.groupBy(spans, ({ service }) => service)].map(([name, of]) => ({
      name,
      spanCount: of.length,
      errorSpanCount: of.filter(failed).length,
    })),
  };
}

const kinds = ['', 'internal', 'server', 'client', 'producer', 'consumer'];

/** Trimmed of leading zeros where 64 bits are enough, as 1.x and 2.x write it here. */
const internalId = (id: string) => (id.startsWith('0'.repeat(16)) ? id.slice(16) : id);

function tag(key: string, value: AttributeValue) {
  if (typeof value === 'boolean') return { key, type: 'bool', value };
  if (typeof value === 'number') return { key, type: Number.isInteger(value) ? 'int64' : 'float64', value };
  // Whole numbers that JSON would round are written as text.
  if (typeof value === 'string' && /^\d{16,}$/.test(value)) return { key, type: 'int64', value };
  return { key, type: 'string', value: typeof value === 'string' ? value : JSON.stringify(value) };
}

function internalTrace(spans: Kept[]) {
  const processes: Record<string, unknown> = {};
  const written = spans.map((kept, index) => {
    const { span, attributes, resourceAttributes, scope } = kept;
    const { 'service.name': serviceName, ...rest } = resourceAttributes;
    processes[`p${index + 1}`] = { serviceName, tags: Object.entries(rest).map(([key, value]) => tag(key, value)) };
    const references = [
      ...(kept.parentId ? [{ refType: 'CHILD_OF', traceID: internalId(kept.traceId), spanID: kept.parentId }] : []),
      ...span.links.map((link) => ({
        refType: 'FOLLOWS_FROM',
        traceID: internalId(Buffer.from(link.traceId).toString('hex')),
        spanID: Buffer.from(link.spanId).toString('hex'),
      })),
    ];
    const failed = span.status?.code === 2;
    return {
      traceID: internalId(kept.traceId),
      spanID: kept.spanId,
      operationName: span.name,
      references,
      startTime: Number(startOf(kept) / 1_000n),
      duration: Number((endOf(kept) - startOf(kept)) / 1_000n),
      tags: [
        ...(scope ? [tag('otel.scope.name', scope.name)] : []),
        ...Object.entries(attributes).map(([key, value]) => tag(key, value)),
        tag('span.kind', kinds[span.kind] ?? ''),
        ...(failed ? [tag('otel.status_code', 'ERROR'), { key: 'error', type: 'bool', value: true }] : []),
        ...(failed ? [tag('otel.status_description', span.status?.message ?? '')] : []),
      ],
      logs: span.events.map((event) => ({
        timestamp: Number(event.timeUnixNano / 1_000n),
        fields: [
          tag('event', event.name),
          ...event.attributes.map(({ key, value }) => {
            const held = value?.value;
            return tag(key, held?.case === 'intValue' ? Number(held.value) : String(held?.value ?? ''));
          }),
        ],
      })),
      processID: `p${index + 1}`,
      warnings: null,
    };
  });
  return { traceID: internalId(spans[0]?.traceId ?? ''), spans: written, processes, warnings: null };
}
