import type { AnyValue, KeyValue } from '#lib/adapters/otlp/generated/opentelemetry/proto/common/v1/common_pb.js';

const deepest = 16;

/** Text as Postgres can keep it: without NUL, and with lone surrogates replaced. */
export function cleanText(text: string): string {
  if (!text.includes('\0') && text.isWellFormed()) return text;
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

/** A value as JSON text. Whole numbers stay exact; bytes are base64; NaN and infinities are strings. */
export function valueJson(value: AnyValue | undefined, depth = 0): string {
  const kind = value?.value;
  switch (kind?.case) {
    case 'stringValue':
      return JSON.stringify(cleanText(kind.value));
    case 'boolValue':
      return kind.value ? 'true' : 'false';
    case 'intValue':
      return kind.value.toString();
    case 'doubleValue':
      return Number.isFinite(kind.value) ? JSON.stringify(kind.value) : `"${kind.value}"`;
    case 'bytesValue':
      return JSON.stringify(Buffer.from(kind.value).toString('base64'));
    case 'arrayValue':
      if (depth >= deepest) return '"[nested too deeply]"';
      return `[${kind.value.values.map((item) => valueJson(item, depth + 1)).join()}]`;
    case 'kvlistValue':
      if (depth >= deepest) return '"[nested too deeply]"';
      return attributesJson(kind.value.values, depth + 1);
    default:
      return 'null';
  }
}

/** Attributes as the text of one JSON object; of equal keys the last one counts when Postgres reads it. */
export function attributesJson(attributes: readonly KeyValue[], depth = 0): string {
  let text = '{';
  for (const { key, value } of attributes) {
    if (text.length > 1) text += ',';
    text += `${JSON.stringify(cleanText(key))}:${valueJson(value, depth)}`;
  }
  return `${text}}`;
}

/** The first of some attributes that is a string with something in it. */
export function textAttribute(attributes: readonly KeyValue[], ...keys: string[]): string | undefined {
  for (const key of keys) {
    const found = attributes.find((attribute) => attribute.key === key)?.value?.value;
    if (found?.case === 'stringValue' && found.value) return cleanText(found.value);
  }
  return undefined;
}
