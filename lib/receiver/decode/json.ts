import { UndecodableError } from './undecodable.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/**
 * In valid JSON an unescaped `"name":` can only be a key, so the 64-bit numbers behind these keys may be quoted in
 * the text; `JSON.parse` would round them.
 */
const longNumbers = /"((?:start|end|observed)?[tT]imeUnixNano|intValue)"(\s*:\s*)(-?\d+)(?![\d.eE])/g;
const idKeys = new Set(['traceId', 'spanId', 'parentSpanId']);
/** The lists that lead to messages with ids; attributes are not walked, so a key named `traceId` there stays as it is. */
const carriers = new Set(['resourceSpans', 'scopeSpans', 'spans', 'links', 'resourceLogs', 'scopeLogs', 'logRecords']);
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads OTLP/JSON and turns it into what the standard protobuf JSON mapping expects: ids from hexadecimal to base64
 * (the generic reader would take hexadecimal for base64 without complaint), 64-bit numbers exact, as strings.
 * Throws `UndecodableError`.
 */
export function parseOtlpJson(body: Uint8Array): Json {
  let root: Json;
  try {
    root = JSON.parse(utf8.decode(body).replace(longNumbers, '"$1"$2"$3"'));
  } catch (error) {
    throw new UndecodableError(`the body is not JSON: ${(error as Error).message}`);
  }
  if (!isObject(root)) throw new UndecodableError('the body is JSON but not an object');
  rewriteIds(root, '');
  return root;
}

function rewriteIds(message: JsonObject, path: string): void {
  for (const [key, value] of Object.entries(message)) {
    const at = path ? `${path}.${key}` : key;
    if (idKeys.has(key)) {
      if (value !== null) message[key] = hexToBase64(value, at);
    } else if (carriers.has(key) && Array.isArray(value)) {
      value.forEach((item, index) => {
        if (isObject(item)) rewriteIds(item, `${at}[${index}]`);
      });
    }
  }
}

function hexToBase64(value: Json, path: string): string {
  if (typeof value !== 'string' || value.length % 2 === 1 || !/^[0-9a-f]*$/i.test(value)) {
    throw new UndecodableError(`${path} is not a hexadecimal string`);
  }
  return Buffer.from(value, 'hex').toString('base64');
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
