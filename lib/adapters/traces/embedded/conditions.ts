import type { AttributeFilter, TraceSearch } from '../port.ts';
import { namesOf } from '../semconv.ts';
import type { Range } from './slices.ts';
import { type Parameters, storable } from './sql.ts';

/** What is found out about a search before its statements are built. */
export interface Scope {
  environments: string[];
  /** The service has spans that take requests from elsewhere; else its first span in a trace stands for it. */
  hasEntries: boolean;
  /** For each attribute filter: some resource fits it. */
  onResources: boolean[];
}

/** Nanoseconds. Clocks of two machines may differ by the first; what a root began may go on for the second. */
const beforeNs = 60_000_000_000n;
const afterNs = 600_000_000_000n;

export function inEnvironment(alias: string, environments: readonly string[], parameters: Parameters): string {
  return environments.length === 1
    ? `${alias}.environment = ${parameters.add(environments[0], 'text')}`
    : `${alias}.environment = ANY(${parameters.add(environments, 'text[]')})`;
}

/**
 * Conditions on the span that a search finds. Without a service that is the root; whether the trace failed and has
 * the attributes is then asked by `traceConditions`.
 */
export function matchConditions(alias: string, search: TraceSearch, scope: Scope, parameters: Parameters): string[] {
  const conditions = [inEnvironment(alias, scope.environments, parameters)];
  if (search.operation !== undefined) conditions.push(`${alias}.name = ${parameters.add(search.operation, 'text')}`);
  if (search.minDurationMs !== undefined) {
    conditions.push(`${alias}.duration_ns >= ${parameters.add(toNs(search.minDurationMs), 'bigint')}`);
  }
  if (search.maxDurationMs !== undefined) {
    conditions.push(`${alias}.duration_ns <= ${parameters.add(toNs(search.maxDurationMs), 'bigint')}`);
  }
  if (search.service === undefined) return [...conditions, `${alias}.parent_span_id IS NULL`];
  conditions.push(`${alias}.service = ${parameters.add(search.service, 'text')}`);
  if (search.status) conditions.push(`${alias}.status ${search.status === 'error' ? '= 2' : '<> 2'}`);
  if (search.operation === undefined && search.attributes.length === 0 && scope.hasEntries) {
    conditions.push(entryCondition(alias));
  }
  return [...conditions, ...attributeConditions(alias, search, scope, parameters)];
}

/**
 * Spans of a trace, or of several, by its index: with more conditions beside the id the planner, which has no
 * statistics of the newest spans, may take an index that leads through all spans of a service.
 */
export function spansOf(traceId: string, time: string): string {
  return `(SELECT * FROM telemetry.span WHERE trace_id = ${traceId} AND ${time} OFFSET 0)`;
}

/** A service takes over here: in the words of the index `span_entries`. */
export function entryCondition(alias: string): string {
  return `(${alias}.kind IN (2, 5) OR ${alias}.parent_span_id IS NULL)`;
}

/** Without a service: conditions on the other spans of the trace whose root is `alias`, which starts in the range. */
export function traceConditions(
  alias: string,
  search: TraceSearch,
  scope: Scope,
  parameters: Parameters,
  range: Range,
): string[] {
  if (search.service !== undefined) return [];
  // IS TRUE keeps it a table of ids that each root is looked up in: of the newest spans the planner has no statistics,
  // takes them for none, and would join them by going through all of them for each root.
  const someSpan = (held: readonly string[]) => `(${alias}.trace_id IN (SELECT o.trace_id FROM telemetry.span o
    WHERE ${inEnvironment('o', scope.environments, parameters)}
    AND o.start_ns >= ${parameters.add(range.fromNs - beforeNs, 'bigint')}
    AND o.start_ns < ${parameters.add(range.toNs + afterNs, 'bigint')}
    AND ${held.join(' AND ')})) IS TRUE`;
  const conditions: string[] = [];
  if (search.status === 'error') conditions.push(someSpan(['o.status = 2']));
  if (search.status === 'ok') {
    const around = `start_ns >= ${alias}.start_ns - ${parameters.add(beforeNs, 'bigint')}
      AND start_ns < ${alias}.start_ns + ${parameters.add(afterNs, 'bigint')}`;
    // OFFSET keeps it a probe of each root, which ends as soon as enough roots are found.
    conditions.push(`NOT EXISTS (SELECT FROM ${spansOf(`${alias}.trace_id`, around)} f WHERE f.status = 2 OFFSET 0)`);
  }
  if (search.attributes.length > 0) conditions.push(someSpan(attributeConditions('o', search, scope, parameters)));
  return conditions;
}

function toNs(ms: number): bigint {
  return BigInt(Math.round(ms * 1_000_000));
}

function attributeConditions(alias: string, search: TraceSearch, scope: Scope, parameters: Parameters): string[] {
  return search.attributes.map((filter, index) => {
    const sides: string[] = [];
    if (filter.scope !== 'resource') sides.push(onSpan(alias, filter, parameters));
    if (filter.scope !== 'span' && scope.onResources[index]) {
      sides.push(
        `${alias}.resource_id IN (SELECT r.id FROM telemetry.resource r WHERE ${holding('r', filter, parameters)})`,
      );
    }
    return sides.length > 0 ? `(${sides.join(' OR ')})` : 'false';
  });
}

function onSpan(alias: string, filter: AttributeFilter, parameters: Parameters): string {
  if (filter.operator !== '=') return holding(alias, filter, parameters);
  const held = namesOf(filter.key).flatMap((name) =>
    jsonForms(storable(filter.value ?? '')).map(
      (value) => `${alias}.attributes @> ${parameters.add(`{${JSON.stringify(storable(name))}:${value}}`, 'jsonb')}`,
    ),
  );
  return `(${held.join(' OR ')})`;
}

/** As text, and as the number or boolean that the text may stand for. */
function jsonForms(text: string): string[] {
  const literal = /^(true|false|-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d{1,3})?)$/.test(text) && text.length <= 40;
  return literal ? [JSON.stringify(text), text] : [JSON.stringify(text)];
}

/** A filter on the column `attributes` of whatever has one, without the help of an index. */
export function holding(alias: string, filter: AttributeFilter, parameters: Parameters): string {
  const keys = namesOf(filter.key).map((name) => parameters.add(name, 'text'));
  if (filter.operator === 'exists') return `(${keys.map((key) => `${alias}.attributes ? ${key}`).join(' OR ')})`;
  const value = parameters.add(filter.value ?? '', 'text');
  const text = `coalesce(${keys.map((key) => `${alias}.attributes ->> ${key}`).join(', ')})`;
  return `${text} ${filter.operator === '=' ? '=' : '<>'} ${value}`;
}

/** Whether an index leads to the spans of a filter, rather than a look at every span of the range. */
export function isIndexed(filter: AttributeFilter): boolean {
  return filter.operator === '=' && filter.scope !== 'resource';
}
