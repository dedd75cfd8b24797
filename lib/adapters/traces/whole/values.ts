import type { Attributes, AttributeValue } from '#lib/adapters/otlp/attributes.ts';
import type { AnyValue, KeyValue } from '#lib/adapters/otlp/generated/opentelemetry/proto/common/v1/common_pb.js';

const deepest = 16;
const tooDeep = '[nested too deeply]';

/** Attributes of protobuf messages; of equal keys the last one counts. */
export function attributesOfMessages(list: readonly KeyValue[], depth = 0): Attributes {
  return Object.fromEntries(list.map(({ key, value }) => [key, valueOfMessage(value, depth)]));
}

function valueOfMessage(value: AnyValue | undefined, depth: number): AttributeValue {
  const kind = value?.value;
  switch (kind?.case) {
    case 'stringValue':
    case 'boolValue':
      return kind.value;
    case 'intValue':
      return exactInteger(kind.value);
    case 'doubleValue':
      return finite(kind.value);
    case 'bytesValue':
      return Buffer.from(kind.value).toString('base64');
    case 'arrayValue':
      return depth >= deepest ? tooDeep : kind.value.values.map((item) => valueOfMessage(item, depth + 1));
    case 'kvlistValue':
      return depth >= deepest ? tooDeep : attributesOfMessages(kind.value.values, depth + 1);
    default:
      return null;
  }
}

/** Attributes of OTLP/JSON, whatever stands there: what is no attribute is left out. */
export function attributesOfJson(list: unknown, depth = 0): Attributes {
  return Object.fromEntries(
    objects(list).flatMap(({ key, value }) => (typeof key === 'string' ? [[key, valueOfJson(value, depth)]] : [])),
  );
}

function valueOfJson(value: unknown, depth: number): AttributeValue {
  if (!isObject(value)) return null;
  if (typeof value.stringValue === 'string') return value.stringValue;
  if (typeof value.boolValue === 'boolean') return value.boolValue;
  if (typeof value.bytesValue === 'string') return value.bytesValue;
  if (value.intValue !== undefined) {
    const whole = integer(value.intValue);
    return whole === null ? null : exactInteger(whole);
  }
  if (value.doubleValue !== undefined) {
    return typeof value.doubleValue === 'number' ? finite(value.doubleValue) : text(value.doubleValue) || null;
  }
  if (isObject(value.arrayValue)) {
    return depth >= deepest ? tooDeep : objects(value.arrayValue.values).map((item) => valueOfJson(item, depth + 1));
  }
  if (isObject(value.kvlistValue)) {
    return depth >= deepest ? tooDeep : attributesOfJson(value.kvlistValue.values, depth + 1);
  }
  // Of zero values only the kind is written, or nothing at all.
  return null;
}

/** A whole number that a double holds, else its digits. */
export function exactInteger(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

function finite(value: number): number | string {
  return Number.isFinite(value) ? value : String(value);
}

/** A whole number of JSON, written as number or as digits; null for anything else. */
export function integer(value: unknown): bigint | null {
  if (typeof value === 'number') return Number.isSafeInteger(Math.round(value)) ? BigInt(Math.round(value)) : null;
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? BigInt(value) : null;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The objects of a list; nothing where it is no list. */
export function objects(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function count(value: unknown): number {
  const whole = integer(value);
  return whole === null || whole < 0n || whole > 1_000_000_000n ? 0 : Number(whole);
}
