import { hash } from 'node:crypto';
import type { LogRecord } from '#lib/adapters/otlp/generated/opentelemetry/proto/logs/v1/logs_pb.js';
import { bytesElement, columnBuilder, textElement } from './columns.ts';
import type { Group } from './levels.ts';
import { boundedInteger, nsPerHour, refusals, type TimeWindow } from './refusals.ts';
import { type ResourceRow, resourceRow, scopeNames } from './resource.ts';
import { type Decoded, isZero } from './spans.ts';
import { attributesJson, cleanText, valueJson } from './values.ts';

/** The columns of `telemetry.log_record` in the order in which rows are built, with the types that they are sent as. */
export const logColumns = [
  ['id', 'bytea'],
  ['time_ns', 'bigint'],
  ['observed_ns', 'bigint'],
  ['environment', 'text'],
  ['service', 'text'],
  ['severity', 'smallint'],
  ['severity_text', 'text'],
  ['body', 'text'],
  ['body_is_json', 'boolean'],
  ['event_name', 'text'],
  ['trace_id', 'bytea'],
  ['span_id', 'bytea'],
  ['flags', 'integer'],
  ['scope_name', 'text'],
  ['scope_version', 'text'],
  ['resource_id', 'bytea'],
  ['attributes', 'jsonb'],
  ['dropped_attributes', 'integer'],
] as const;

/**
 * Turns a request into rows. A record without a time takes the observed one, else `nowNs`. Records have no id of
 * their own: a digest of the content, and a number for equal ones within one request, lets a repeated request find
 * what it already left.
 */
export function logRows(groups: Iterable<Group<LogRecord>>, window: TimeWindow, nowNs: bigint): Decoded {
  const refused = refusals();
  const warnings = refusals();
  const rows = columnBuilder(logColumns.length);
  const resources = new Map<string, ResourceRow>();
  const hours = new Set<number>();
  const seen = new Map<string, number>();
  for (const { resource, scope, items } of groups) {
    const from = resourceRow(resource);
    const names = scopeNames(scope);
    for (const record of items) {
      const time = record.timeUnixNano || record.observedTimeUnixNano || nowNs;
      if (time < window.fromNs || time > window.toNs) {
        refused.add(time < window.fromNs ? 'the record is older than what is kept' : 'the record is in the future');
        continue;
      }
      const trace = traceIds(record);
      if (trace.wrong) warnings.add('ids of the wrong length were left out of records');
      const isJson = record.body !== undefined && record.body.value.case !== 'stringValue';
      const body = record.body?.value.case === 'stringValue' ? cleanText(record.body.value.value) : undefined;
      const tail = [
        textElement(from.environment),
        textElement(from.service),
        record.severityNumber >= 0 && record.severityNumber <= 24 ? String(record.severityNumber) : '0',
        record.severityText ? textElement(cleanText(record.severityText)) : 'NULL',
        textElement(body ?? (isJson ? valueJson(record.body) : '')),
        isJson ? 't' : 'f',
        record.eventName ? textElement(cleanText(record.eventName)) : 'NULL',
        bytesElement(trace.traceId),
        bytesElement(trace.spanId),
        String(record.flags & 0x7fffffff),
        textElement(names.name),
        textElement(names.version),
        `"\\\\x${from.id}"`,
        textElement(attributesJson(record.attributes)),
        boundedInteger(record.droppedAttributesCount),
      ];
      const content = `${record.timeUnixNano} ${record.observedTimeUnixNano} ${tail.join()}`;
      const digest = hash('sha256', content, 'hex').slice(0, 32);
      const repeat = seen.get(digest) ?? 0;
      seen.set(digest, repeat + 1);
      const id = repeat === 0 ? digest : hash('sha256', `${digest} ${repeat}`, 'hex').slice(0, 32);
      resources.set(from.id, from);
      hours.add(Number(time / nsPerHour));
      const observed = withinBigint(record.observedTimeUnixNano) ? record.observedTimeUnixNano : time;
      rows.add([`"\\\\x${id}"`, time.toString(), observed.toString(), ...tail]);
    }
  }
  return {
    ...rows.build(),
    resources: [...resources.values()],
    hours: [...hours],
    refused: refused.build(),
    warnings: warnings.build(),
  };
}

function withinBigint(ns: bigint): boolean {
  return ns > 0n && ns < 2n ** 63n;
}

function traceIds(record: LogRecord): { traceId: Uint8Array | null; spanId: Uint8Array | null; wrong: boolean } {
  const wrong =
    (record.traceId.length !== 0 && record.traceId.length !== 16) ||
    (record.spanId.length !== 0 && record.spanId.length !== 8);
  const traceId = record.traceId.length === 16 && !isZero(record.traceId) ? record.traceId : null;
  return {
    traceId,
    spanId: traceId && record.spanId.length === 8 && !isZero(record.spanId) ? record.spanId : null,
    wrong,
  };
}
