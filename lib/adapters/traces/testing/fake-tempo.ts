import type { ServerResponse } from 'node:http';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { AttributeValue } from '#lib/adapters/otlp/attributes.ts';
import { greatest, least } from '../bigints.ts';
import { asBinary, endOf, type Kept, OtlpStore, rootOf, startOf } from './otlp-store.ts';
import { serve, type TestServer } from './server.ts';
import { evaluate, type Intrinsics, parseTraceql } from './traceql.ts';

export interface FakeTempoOptions {
  /** 2.7 and later. */
  v2?: boolean;
  /** 2.8 and later. */
  mostRecent?: boolean;
  /** Marks every trace so in v2. */
  partial?: boolean;
  /** Larger traces are refused. */
  maxBytes?: number;
}

/**
 * Answers as Tempo does: ids in searches without leading zeros, protobuf for traces, 200 with nothing in it where v2
 * has no trace and 404 where v1 has none, errors as plain text. It follows a real 2.8 as far as it goes; PARTIAL, 422
 * and older versions follow the reference. Of TraceQL it knows what the adapter writes.
 */
export function startFakeTempo({
  v2 = true,
  mostRecent = true,
  partial = false,
  maxBytes = 5_000_000,
}: FakeTempoOptions = {}): Promise<TestServer> {
  const store = new OtlpStore();
  return serve(async ({ pathname, searchParams: parameters }, response, request) => {
    if (pathname === '/v1/traces') {
      await store.take(request);
      response.writeHead(200).end();
      return;
    }
    if (pathname === '/api/echo') {
      plain(response, 200, 'echo');
      return;
    }
    if (pathname === '/api/status/buildinfo') {
      json(response, { version: v2 ? 'v2.8.0' : 'v2.4.0', revision: '' });
      return;
    }
    if (pathname === '/api/search') {
      search(store, parameters, response, mostRecent);
      return;
    }
    if (pathname === '/api/v2/search/tags') {
      tags(store, parameters, response);
      return;
    }
    const [, tag] = /^\/api\/v2\/search\/tag\/([^/]+)\/values$/.exec(pathname) ?? [];
    if (tag !== undefined) {
      values(store, decodeURIComponent(tag), parameters, response);
      return;
    }
    const [, version, id] = /^\/api(\/v2)?\/traces\/([0-9a-fA-F]+)$/.exec(pathname) ?? [];
    if (id === undefined || (version && !v2)) {
      plain(response, 404, '404 page not found');
      return;
    }
    const found = store.traces.get(id.toLowerCase().padStart(32, '0'));
    const body = found ? asBinary(found) : new Uint8Array();
    if (body.byteLength > maxBytes) {
      plain(response, 422, `trace exceeds max size (max bytes: ${maxBytes})`);
      return;
    }
    if (!version && !found) {
      response.writeHead(404).end();
      return;
    }
    response
      .writeHead(200, { 'content-type': 'application/protobuf' })
      .end(version ? byIdResponse(body, partial) : body);
  });
}

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
}

function json(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** TraceByIDResponse. */
function byIdResponse(trace: Uint8Array, partial: boolean): Uint8Array {
  const writer = new BinaryWriter().tag(1, WireType.LengthDelimited).bytes(trace);
  writer.tag(2, WireType.LengthDelimited).bytes(new Uint8Array());
  if (partial) {
    writer.tag(3, WireType.Varint).int32(1);
    writer.tag(4, WireType.LengthDelimited).string('trace exceeds max size');
  }
  return writer.finish();
}

const longestSeconds = 168 * 3_600;

function search(store: OtlpStore, parameters: URLSearchParams, response: ServerResponse, mostRecent: boolean): void {
  const [start, end] = ['start', 'end'].map((name) => Number(parameters.get(name)));
  if (!start || !end) {
    plain(response, 400, 'both start and end are needed here');
    return;
  }
  if (end - start > longestSeconds) {
    plain(response, 400, 'range specified by start and end exceeds 168h0m0s.');
    return;
  }
  const query = parameters.get('q') ?? '';
  const parsed = tryParse(query);
  if (typeof parsed === 'string') {
    plain(response, 400, `invalid TraceQL query: ${parsed}`);
    return;
  }
  if (parsed.hints && !mostRecent) {
    plain(response, 400, 'invalid TraceQL query: parse error at line 1: syntax error: unexpected with');
    return;
  }
  const limit = Number(parameters.get('limit') ?? 20);
  const spansPerSet = Number(parameters.get('spss') ?? 3);
  const traces = [...store.traces.values()]
    .filter((spans) => spans.some((kept) => inRange(kept, start, end)))
    .flatMap((spans) => {
      const matched = evaluate(parsed, spans.map(intrinsics));
      return matched ? { spans, matched: spans.filter((_, index) => matched.has(index)) } : [];
    });
  if (mostRecent && parsed.hints) {
    const first = ({ spans }: { spans: Kept[] }) => spans.map(startOf).reduce(least);
    traces.sort((a, b) => (first(a) > first(b) ? -1 : 1));
  }
  json(response, {
    traces: traces.slice(0, limit).map(({ spans, matched }) => {
      const spanSet = {
        spans: matched.slice(0, spansPerSet).map((kept) => writtenSpan(kept, parsed.select)),
        matched: matched.length,
      };
      return { ...writtenTrace(spans), spanSet, spanSets: [spanSet] };
    }),
    metrics: { inspectedBytes: '1', completedJobs: 1, totalJobs: 1 },
  });
}

function tryParse(query: string) {
  try {
    return parseTraceql(query);
  } catch (error) {
    return `parse error at line 1, col 1: syntax error: ${(error as Error).message}`;
  }
}

const inRange = (kept: Kept, start: number, end: number) =>
  startOf(kept) <= BigInt(end) * 1_000_000_000n && endOf(kept) >= BigInt(start) * 1_000_000_000n;

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const statuses = ['unset', 'ok', 'error'];

function intrinsics(kept: Kept): Intrinsics {
  return {
    span: kept.attributes,
    resource: kept.resourceAttributes,
    name: kept.span.name,
    kind: kinds[kept.span.kind] ?? 'unspecified',
    status: statuses[kept.span.status?.code ?? 0] ?? 'unset',
    durationNs: endOf(kept) - startOf(kept),
    nestedSetParent: kept.parentId === '' ? -1 : 1,
  };
}

function writtenTrace(spans: Kept[]) {
  const root = rootOf(spans);
  const start = spans.map(startOf).reduce(least);
  const end = spans.map(endOf).reduce(greatest);
  return {
    traceID: spans[0]?.traceId.replace(/^0+/, ''),
    rootServiceName: root?.service ?? '<root span not yet received>',
    ...(root ? { rootTraceName: root.span.name } : {}),
    startTimeUnixNano: String(start),
    durationMs: Number((end - start) / 1_000_000n),
    serviceStats: Object.fromEntries(
      [...Map.groupBy(spans, ({ service }) => service)].map(([name, of]) => [
        name,
        { spanCount: of.length, errorCount: of.filter(({ span }) => span.status?.code === 2).length },
      ]),
    ),
  };
}

/** Names of attributes are written without their scope. */
function writtenSpan(kept: Kept, select: readonly string[]) {
  const fields = intrinsics(kept);
  const attributes = select.flatMap((field) => {
    const key = field.replace(/^(resource|span)\./, '');
    const intrinsic = { kind: fields.kind, status: fields.status, nestedSetParent: fields.nestedSetParent }[field];
    const value = intrinsic ?? (field.startsWith('resource.') ? fields.resource[key] : fields.span[key]);
    return value === undefined ? [] : { key, value: anyValue(value) };
  });
  return {
    spanID: kept.spanId,
    ...(select.includes('name') ? { name: kept.span.name } : {}),
    startTimeUnixNano: String(startOf(kept)),
    durationNanos: String(endOf(kept) - startOf(kept)),
    attributes,
  };
}

function anyValue(value: AttributeValue) {
  return typeof value === 'number' ? { intValue: String(value) } : { stringValue: String(value) };
}

/** Spans that a query selects; all of them where it cannot be read. */
function selected(store: OtlpStore, parameters: URLSearchParams): Kept[] {
  const asked = parameters.get('q') ?? '{}';
  const query = /\|\|/.test(asked) ? 'not understood here' : tryParse(asked);
  return [...store.traces.values()].flatMap((spans) => {
    const matched = typeof query === 'string' ? null : evaluate(query, spans.map(intrinsics));
    return typeof query === 'string' ? spans : spans.filter((_, index) => matched?.has(index));
  });
}

function tags(store: OtlpStore, parameters: URLSearchParams, response: ServerResponse): void {
  const spans = selected(store, parameters);
  const keys = (of: (kept: Kept) => object) => [...new Set(spans.flatMap((kept) => Object.keys(of(kept))))];
  json(response, {
    scopes: [
      { name: 'resource', tags: keys(({ resourceAttributes }) => resourceAttributes) },
      { name: 'span', tags: keys(({ attributes }) => attributes) },
      { name: 'intrinsic', tags: ['duration', 'kind', 'name', 'status'] },
    ],
    metrics: {},
  });
}

function values(store: OtlpStore, tag: string, parameters: URLSearchParams, response: ServerResponse): void {
  const [, scope, quoted] = /^(resource|span)\.(.*)$/.exec(tag) ?? [];
  const key = quoted?.startsWith('"') ? (JSON.parse(quoted) as string) : (quoted ?? '');
  const found = selected(store, parameters).flatMap((kept) => {
    const value =
      scope === undefined ? kept.span.name : (scope === 'span' ? kept.attributes : kept.resourceAttributes)[key];
    return value === undefined ? [] : [String(value)];
  });
  json(response, { tagValues: [...new Set(found)].map((value) => ({ type: 'string', value })), metrics: {} });
}
