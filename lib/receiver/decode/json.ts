import { type DescMessage, fromJson, type JsonObject, type JsonValue, type MessageShape } from '@bufbuild/protobuf';
import { InstrumentationScopeSchema } from '#lib/adapters/otlp/generated/opentelemetry/proto/common/v1/common_pb.js';
import type { LogRecord } from '#lib/adapters/otlp/generated/opentelemetry/proto/logs/v1/logs_pb.js';
import { ResourceSchema } from '#lib/adapters/otlp/generated/opentelemetry/proto/resource/v1/resource_pb.js';
import type { Span } from '#lib/adapters/otlp/generated/opentelemetry/proto/trace/v1/trace_pb.js';
import { type Group, levels, type Signal } from './levels.ts';
import { readable, UndecodableError } from './undecodable.ts';

/**
 * In valid JSON an unescaped `"name":` can only be a key, so the 64-bit numbers behind these keys may be quoted in
 * the text; `JSON.parse` would round them.
 */
const longNumbers = /"((?:start|end|observed)?[tT]imeUnixNano|intValue)"(\s*:\s*)(-?\d+)(?![\d.eE])/g;
const idKeys = ['traceId', 'spanId', 'parentSpanId'];
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Walks an export request in OTLP/JSON: standard protobuf JSON but for hexadecimal ids. Throws `UndecodableError`. */
export function* jsonGroups(signal: Signal, body: Uint8Array): Iterable<Group<Span | LogRecord>> {
  const names = levels[signal];
  const root = readable('the body as JSON', () => JSON.parse(utf8.decode(body).replace(longNumbers, '"$1"$2"$3"')));
  if (!isObject(root)) throw new UndecodableError('the body is JSON but not an object');
  for (const [ofResource, resourcePath] of objects(root, names.resources, '')) {
    const resource = message(ResourceSchema, ofResource.resource, `${resourcePath}.resource`);
    for (const [ofScope, scopePath] of objects(ofResource, names.scopes, resourcePath)) {
      const scope = message(InstrumentationScopeSchema, ofScope.scope, `${scopePath}.scope`);
      yield { resource, scope, items: items(ofScope, scopePath) };
    }
  }

  function* items(ofScope: JsonObject, scopePath: string): Iterable<Span | LogRecord> {
    for (const [item, path] of objects(ofScope, names.items, scopePath)) {
      rewriteIds(item, path);
      for (const [link, linkPath] of objects(item, 'links', path)) rewriteIds(link, linkPath);
      yield readable(path, () => fromJson(names.schema, item, { ignoreUnknownFields: true }));
    }
  }
}

function message<Desc extends DescMessage>(
  schema: Desc,
  value: JsonValue | undefined,
  path: string,
): MessageShape<Desc> | undefined {
  if (value === undefined || value === null) return undefined;
  return readable(path, () => fromJson(schema, value, { ignoreUnknownFields: true }));
}

function* objects(parent: JsonObject, key: string, parentPath: string): Iterable<[JsonObject, string]> {
  const path = parentPath ? `${parentPath}.${key}` : key;
  const list = parent[key] ?? [];
  if (!Array.isArray(list)) throw new UndecodableError(`${path} is not an array`);
  for (const [index, item] of list.entries()) {
    if (!isObject(item)) throw new UndecodableError(`${path}[${index}] is not an object`);
    yield [item, `${path}[${index}]`];
  }
}

/** The library reads bytes as base64, and would take hexadecimal for it without complaint. */
function rewriteIds(item: JsonObject, path: string): void {
  for (const key of idKeys) {
    const value = item[key];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string' || value.length % 2 === 1 || !/^[0-9a-f]*$/i.test(value)) {
      throw new UndecodableError(`${path}.${key} is not a hexadecimal string`);
    }
    item[key] = Buffer.from(value, 'hex').toString('base64');
  }
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
