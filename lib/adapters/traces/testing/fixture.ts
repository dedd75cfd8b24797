import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { ExportTraceServiceRequestSchema } from '#lib/adapters/otlp/generated/opentelemetry/proto/collector/trace/v1/trace_service_pb.js';
import type { SpanSchema } from '#lib/adapters/otlp/generated/opentelemetry/proto/trace/v1/trace_pb.js';

type Value = string | number | bigint | boolean | Value[];

export interface SpanInit {
  spanId: string;
  parent?: string;
  service: string;
  /** Beside the service and its environment, which is `production` unless it is given. */
  resource?: Record<string, Value>;
  name: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind?: number;
  /** Milliseconds since the fixture's start. */
  atMs: number;
  durationNs: bigint;
  error?: string;
  attributes?: Record<string, Value>;
  events?: { name: string; atMs: number; attributes?: Record<string, Value> }[];
  links?: { traceId: string; spanId: string }[];
}

export interface TraceInit {
  traceId: string;
  spans: SpanInit[];
}

const ms = 1_000_000n;

/** A shop of three services, within the last two minutes. The same for every backend. */
export function shop(startMs: number) {
  const ids = {
    ok: 'a1b2c3d4e5f60718293a4b5c6d7e8f01',
    /** Of 64 bits: backends trim or pad it. */
    failed: '00000000000000000f7651916cd43dd0',
    orphan: 'c0ffee00c0ffee00c0ffee00c0ffee01',
    twoRoots: 'c0ffee00c0ffee00c0ffee00c0ffee02',
    staging: 'c0ffee00c0ffee00c0ffee00c0ffee03',
  };
  const traces: TraceInit[] = [
    {
      traceId: ids.ok,
      spans: [
        {
          spanId: '0000000000000a01',
          service: 'web',
          name: 'GET /checkout',
          kind: 2,
          atMs: 10_000,
          durationNs: 100n * ms + 1n,
          attributes: { 'http.route': '/checkout', 'http.response.status_code': 200, sampled: true },
        },
        {
          spanId: '0000000000000a02',
          parent: '0000000000000a01',
          service: 'web',
          name: 'POST',
          kind: 3,
          atMs: 10_005,
          durationNs: 90n * ms,
          attributes: { 'http.response.status_code': 201, 'server.address': 'order.internal' },
        },
        {
          spanId: '0000000000000a03',
          parent: '0000000000000a02',
          service: 'order',
          resource: { 'service.instance.id': 'order-1', 'service.version': '1.4.0' },
          name: 'POST /orders',
          kind: 2,
          atMs: 10_010,
          durationNs: 80n * ms,
          attributes: {
            'http.route': '/orders',
            'http.response.status_code': 201,
            'order.id': 'ord-17',
            note: 'she said "yes" \\ ünï',
            huge: 9_007_199_254_740_993n,
            ratio: 0.5,
          },
          events: [{ name: 'reserved', atMs: 10_040, attributes: { 'stock.left': 3 } }],
          links: [{ traceId: ids.failed, spanId: '0000000000000b01' }],
        },
        {
          spanId: '0000000000000a04',
          parent: '0000000000000a03',
          service: 'order',
          resource: { 'service.instance.id': 'order-1', 'service.version': '1.4.0' },
          name: 'SELECT stock',
          kind: 3,
          atMs: 10_020,
          durationNs: 30n * ms,
          attributes: { 'db.system.name': 'postgresql', 'server.address': 'db.internal' },
        },
      ],
    },
    {
      traceId: ids.failed,
      spans: [
        {
          spanId: '0000000000000b01',
          service: 'web',
          name: 'GET /checkout',
          kind: 2,
          atMs: 20_000,
          durationNs: 700n * ms,
          attributes: { 'http.route': '/checkout', 'http.response.status_code': 502 },
        },
        {
          spanId: '0000000000000b02',
          parent: '0000000000000b01',
          service: 'order',
          resource: { 'service.instance.id': 'order-2', 'service.version': '1.5.0' },
          name: 'POST /orders',
          kind: 2,
          atMs: 20_010,
          durationNs: 600n * ms,
          error: 'the card was refused',
          attributes: { 'http.route': '/orders', 'http.response.status_code': 500, 'order.id': 'ord-18' },
          events: [{ name: 'exception', atMs: 20_500, attributes: { 'exception.type': 'CardRefused' } }],
        },
      ],
    },
    {
      traceId: ids.orphan,
      spans: [
        {
          spanId: '0000000000000c01',
          parent: '00000000000000ff',
          service: 'order',
          resource: { 'service.instance.id': 'order-1', 'service.version': '1.4.0' },
          name: 'order.settle',
          kind: 5,
          atMs: 30_000,
          durationNs: 5n * ms,
        },
      ],
    },
    {
      traceId: ids.twoRoots,
      spans: [
        { spanId: '0000000000000d01', service: 'web', name: 'GET /two', kind: 2, atMs: 31_000, durationNs: 4n * ms },
        { spanId: '0000000000000d02', service: 'web', name: 'GET /two', kind: 2, atMs: 31_002, durationNs: 4n * ms },
      ],
    },
    {
      traceId: ids.staging,
      spans: [
        {
          spanId: '0000000000000e01',
          service: 'order',
          resource: { 'deployment.environment.name': 'staging' },
          name: 'POST /orders',
          kind: 2,
          atMs: 32_000,
          durationNs: 80n * ms,
          attributes: { 'order.id': 'ord-17' },
        },
      ],
    },
    // Old names of attributes, two of them at the same instant.
    ...Array.from({ length: 12 }, (_, index): TraceInit => {
      const number = (index + 1).toString(16).padStart(2, '0');
      return {
        traceId: `d0d0d0d0d0d0d0d0d0d0d0d0d0d0d0${number}`,
        spans: [
          {
            spanId: `0000000000000f${number}`,
            service: 'stock',
            name: index % 2 ? 'GET /stock' : 'PUT /stock',
            kind: 2,
            atMs: 40_000 + 4_000 * Math.max(1, index),
            durationNs: BigInt(index + 1) * 10n * ms,
            attributes: { 'http.status_code': index % 3 ? 200 : 404 },
          },
        ],
      };
    }),
  ];
  return { ids, traces, fromMs: startMs, toMs: startMs + 100_000 };
}

export type Shop = ReturnType<typeof shop>;

function anyValue(value: Value): { value: { case: string; value: unknown } } {
  switch (typeof value) {
    case 'string':
      return { value: { case: 'stringValue', value } };
    case 'boolean':
      return { value: { case: 'boolValue', value } };
    case 'bigint':
      return { value: { case: 'intValue', value } };
    case 'number':
      return Number.isInteger(value)
        ? { value: { case: 'intValue', value: BigInt(value) } }
        : { value: { case: 'doubleValue', value } };
    default:
      return { value: { case: 'arrayValue', value: { values: value.map(anyValue) } } };
  }
}

const keyValues = (attributes: Record<string, Value> = {}) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex, 'hex'));

/** An export request with all spans of some traces. */
export function exportRequest(traces: readonly TraceInit[], startMs: number): Uint8Array<ArrayBuffer> {
  const ns = (atMs: number) => BigInt(startMs + atMs) * ms;
  const resourceSpans = traces.flatMap(({ traceId, spans }) =>
    spans.map((span) => ({
      resource: {
        attributes: keyValues({
          'service.name': span.service,
          'deployment.environment.name': 'production',
          ...span.resource,
        }),
      },
      scopeSpans: [
        {
          scope: { name: 'shop', version: '2' },
          spans: [
            {
              traceId: bytes(traceId),
              spanId: bytes(span.spanId),
              parentSpanId: bytes(span.parent ?? ''),
              name: span.name,
              kind: span.kind ?? 1,
              startTimeUnixNano: ns(span.atMs),
              endTimeUnixNano: ns(span.atMs) + span.durationNs,
              attributes: keyValues(span.attributes),
              status: span.error ? { code: 2, message: span.error } : {},
              events: (span.events ?? []).map(({ name, atMs, attributes }) => ({
                name,
                timeUnixNano: ns(atMs),
                attributes: keyValues(attributes),
              })),
              links: (span.links ?? []).map((link) => ({ traceId: bytes(link.traceId), spanId: bytes(link.spanId) })),
            } as MessageInitShape<typeof SpanSchema>,
          ],
        },
      ],
    })),
  );
  const init = { resourceSpans } as MessageInitShape<typeof ExportTraceServiceRequestSchema>;
  return new Uint8Array(toBinary(ExportTraceServiceRequestSchema, create(ExportTraceServiceRequestSchema, init)));
}

/** Sends spans to whatever takes OTLP over HTTP below an address. */
export async function send(otlpUrl: string, body: Uint8Array<ArrayBuffer>): Promise<void> {
  const response = await fetch(`${otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body,
  });
  if (!response.ok) throw new Error(`${otlpUrl} answered ${response.status}: ${await response.text()}`);
}
