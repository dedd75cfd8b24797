import type { DescMessage } from '@bufbuild/protobuf';
import type { InstrumentationScope } from '#lib/adapters/otlp/generated/opentelemetry/proto/common/v1/common_pb.js';
import { LogRecordSchema } from '#lib/adapters/otlp/generated/opentelemetry/proto/logs/v1/logs_pb.js';
import type { Resource } from '#lib/adapters/otlp/generated/opentelemetry/proto/resource/v1/resource_pb.js';
import { SpanSchema } from '#lib/adapters/otlp/generated/opentelemetry/proto/trace/v1/trace_pb.js';

/** How a body is written: the content type without its parameters. */
export type Encoding = 'application/x-protobuf' | 'application/json';
export type Signal = 'traces' | 'logs';

/** Items of one resource and one scope. Items are decoded as they are taken, so that one at a time is in memory. */
export interface Group<Item> {
  resource: Resource | undefined;
  scope: InstrumentationScope | undefined;
  items: Iterable<Item>;
}

/** The names that the two signals give to the same three levels in JSON; in protobuf their numbers are the same. */
export const levels = {
  traces: { resources: 'resourceSpans', scopes: 'scopeSpans', items: 'spans', schema: SpanSchema },
  logs: { resources: 'resourceLogs', scopes: 'scopeLogs', items: 'logRecords', schema: LogRecordSchema },
} as const satisfies Record<Signal, { resources: string; scopes: string; items: string; schema: DescMessage }>;
