import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import type { InstrumentationScope } from '../generated/opentelemetry/proto/common/v1/common_pb.js';
import { LogRecordSchema } from '../generated/opentelemetry/proto/logs/v1/logs_pb.js';
import type { Resource } from '../generated/opentelemetry/proto/resource/v1/resource_pb.js';
import { SpanSchema } from '../generated/opentelemetry/proto/trace/v1/trace_pb.js';
import { binaryGroups } from './binary.ts';
import { jsonGroups } from './json.ts';
import { UndecodableError } from './undecodable.ts';

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

type ItemOf<S extends Signal> = MessageShape<(typeof levels)[S]['schema']>;

/** Reads a body as the export request of a signal; throws `UndecodableError`, also while its items are taken. */
export function* readGroups<S extends Signal>(
  signal: S,
  body: Uint8Array,
  encoding: Encoding,
): Iterable<Group<ItemOf<S>>> {
  const groups = encoding === 'application/json' ? jsonGroups(signal, body) : binaryGroups(signal, body);
  yield* groups as Iterable<Group<ItemOf<S>>>;
}

/** Runs a decoding step; what a library throws becomes a sentence that says what was being read. */
export function readable<T>(what: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof UndecodableError) throw error;
    throw new UndecodableError(`${what} cannot be read: ${(error as Error).message}`);
  }
}
