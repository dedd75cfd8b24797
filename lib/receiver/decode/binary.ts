import { fromBinary } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { InstrumentationScopeSchema } from '#lib/adapters/otlp/generated/opentelemetry/proto/common/v1/common_pb.js';
import type { LogRecord } from '#lib/adapters/otlp/generated/opentelemetry/proto/logs/v1/logs_pb.js';
import { ResourceSchema } from '#lib/adapters/otlp/generated/opentelemetry/proto/resource/v1/resource_pb.js';
import type { Span } from '#lib/adapters/otlp/generated/opentelemetry/proto/trace/v1/trace_pb.js';
import { type Group, levels, type Signal } from './levels.ts';
import { readable } from './undecodable.ts';

/**
 * Walks the three levels of an export request by hand and leaves the messages below them to the library: decoding a
 * whole request at once takes many times its size in memory. On every level field 1 says whose the items of field 2
 * are, and may come after them.
 */
export function* binaryGroups(signal: Signal, body: Uint8Array): Iterable<Group<Span | LogRecord>> {
  const { schema } = levels[signal];
  for (const ofResource of submessages(body, 1, levels[signal].resources)) {
    const resourceBytes = last(submessages(ofResource, 1, 'resource'));
    const resource = resourceBytes && readable('resource', () => fromBinary(ResourceSchema, resourceBytes));
    for (const ofScope of submessages(ofResource, 2, levels[signal].scopes)) {
      const scopeBytes = last(submessages(ofScope, 1, 'scope'));
      const scope = scopeBytes && readable('scope', () => fromBinary(InstrumentationScopeSchema, scopeBytes));
      yield { resource, scope, items: items(ofScope) };
    }
  }

  function* items(ofScope: Uint8Array): Iterable<Span | LogRecord> {
    for (const bytes of submessages(ofScope, 2, levels[signal].items)) {
      yield readable(levels[signal].items, () => fromBinary(schema, bytes));
    }
  }
}

function* submessages(bytes: Uint8Array, field: number, what: string): Iterable<Uint8Array> {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const found = readable(what, () => {
      const [number, wireType] = reader.tag();
      if (number === field && wireType === WireType.LengthDelimited) return reader.bytes();
      reader.skip(wireType, number);
      return undefined;
    });
    if (found) yield found;
  }
}

function last<T>(values: Iterable<T>): T | undefined {
  let value: T | undefined;
  for (value of values);
  return value;
}
