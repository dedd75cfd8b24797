import { randomBytes } from 'node:crypto';
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { ExportLogsServiceRequestSchema } from '#lib/adapters/otlp/generated/opentelemetry/proto/collector/logs/v1/logs_service_pb.js';
import { ExportTraceServiceRequestSchema } from '#lib/adapters/otlp/generated/opentelemetry/proto/collector/trace/v1/trace_service_pb.js';
import type { LogRecordSchema } from '#lib/adapters/otlp/generated/opentelemetry/proto/logs/v1/logs_pb.js';
import type { SpanSchema } from '#lib/adapters/otlp/generated/opentelemetry/proto/trace/v1/trace_pb.js';

export type SpanInit = MessageInitShape<typeof SpanSchema>;
export type LogInit = MessageInitShape<typeof LogRecordSchema>;

let last = 0;

/** A valid span that ended now and took a millisecond, but for what is given. */
export function span(init: SpanInit = {}): SpanInit {
  last += 1;
  const endTimeUnixNano = BigInt(Date.now()) * 1_000_000n + BigInt(last % 1_000);
  return {
    traceId: randomBytes(16),
    spanId: randomBytes(8),
    name: 'GET /orders',
    kind: 2,
    startTimeUnixNano: endTimeUnixNano - 1_000_000n,
    endTimeUnixNano,
    ...init,
  };
}

const text = (key: string, value: string) => ({ key, value: { value: { case: 'stringValue' as const, value } } });
const resourceOf = (service: string) => ({
  attributes: [text('service.name', service), text('deployment.environment.name', 'test')],
});

/** Spans of the service `order`. */
export function tracesBody(...spans: SpanInit[]): Uint8Array<ArrayBuffer> {
  return tracesBodyOf('order', ...spans);
}

export function tracesBodyOf(service: string, ...spans: SpanInit[]): Uint8Array<ArrayBuffer> {
  const message = create(ExportTraceServiceRequestSchema, {
    resourceSpans: [{ resource: resourceOf(service), scopeSpans: [{ scope: { name: 'tests', version: '1' }, spans }] }],
  });
  return new Uint8Array(toBinary(ExportTraceServiceRequestSchema, message));
}

export function logsBody(...logRecords: LogInit[]): Uint8Array<ArrayBuffer> {
  const init: MessageInitShape<typeof ExportLogsServiceRequestSchema> = {
    resourceLogs: [{ resource: resourceOf('order'), scopeLogs: [{ scope: { name: 'tests' }, logRecords }] }],
  };
  const message = create(ExportLogsServiceRequestSchema, init);
  return new Uint8Array(toBinary(ExportLogsServiceRequestSchema, message));
}

/** Sends a body as protobuf unless said otherwise. */
export function post(url: string, body: BodyInit, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/x-protobuf', ...headers }, body });
}
