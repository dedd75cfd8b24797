import type { Attributes } from '#lib/adapters/otlp/attributes.ts';
import { levelOf } from '../levels.ts';
import type { LogLine } from '../port.ts';

/** A longer body is cut in lists: nobody reads it there. */
export const longestBody = 32_768;

/** Columns of `l` and of the resource `r` in the order of `LogRow`. */
export const selected = `encode(l.id, 'hex') AS id, l.time_ns, l.observed_ns, l.environment, l.service, l.severity,
  l.severity_text, left(l.body, ${longestBody}) AS body, length(l.body) > ${longestBody} AS cut, l.body_is_json,
  encode(l.trace_id, 'hex') AS trace_id, encode(l.span_id, 'hex') AS span_id, l.scope_name, l.event_name,
  l.attributes::text AS attributes, r.attributes::text AS resource`;

export interface LogRow {
  id: string;
  time_ns: string;
  observed_ns: string | null;
  environment: string;
  service: string;
  severity: number;
  severity_text: string | null;
  body: string;
  cut: boolean;
  body_is_json: boolean;
  trace_id: string | null;
  span_id: string | null;
  scope_name: string | null;
  event_name: string | null;
  attributes: string;
  resource: string | null;
}

/** A row as a line; what came without an environment belongs to the usual one. */
export function toLine(row: LogRow, defaultEnvironment: string): LogLine {
  const attributes = parseAttributes(row.attributes);
  return {
    id: row.id,
    timeNs: BigInt(row.time_ns),
    observedNs: row.observed_ns === null ? null : BigInt(row.observed_ns),
    environment: row.environment || defaultEnvironment,
    service: row.service,
    level: levelOf(row.severity),
    severityText: row.severity_text,
    body: row.body,
    bodyIsJson: row.body_is_json && !row.cut,
    traceId: row.trace_id,
    spanId: row.span_id,
    attributes: row.event_name === null ? attributes : { 'event.name': row.event_name, ...attributes },
    resource: row.resource === null ? {} : parseAttributes(row.resource),
    scope: row.scope_name,
  };
}

/** Attributes from JSON text; whole numbers that a double cannot hold become strings. */
export function parseAttributes(text: string): Attributes {
  if (!/\d{16}/.test(text)) return JSON.parse(text) as Attributes;
  return JSON.parse(text, (_key, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && /^-?\d{16,}$/.test(context?.source ?? '') && !Number.isSafeInteger(value)
      ? context?.source
      : value,
  ) as Attributes;
}
