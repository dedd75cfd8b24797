import { textTerms } from '#lib/core/text-terms.ts';
import { type AttributeFilter, type LogQuery, logLevels } from '../port.ts';

/** The values of one statement; `add` returns the place that stands for a value in its text. */
export class Values {
  readonly list: unknown[] = [];

  add(value: unknown, type: string): string {
    this.list.push(value);
    return `$${this.list.length}::${type}`;
  }
}

/** A resource that the store knows: who sent lines. */
export interface StoredResource {
  id: Buffer;
  environment: string;
  service: string;
  attributes: Record<string, unknown>;
}

/** What lines must fulfil, but for environment and service. `resources` are those of the environment. */
export function conditions(
  query: Pick<LogQuery, 'fromNs' | 'toNs' | 'atLeast' | 'text' | 'traceId' | 'spanId' | 'attributes'>,
  resources: readonly StoredResource[],
  values: Values,
): string[] {
  const found = [
    `l.time_ns >= ${values.add(String(query.fromNs), 'bigint')}`,
    `l.time_ns < ${values.add(String(query.toNs), 'bigint')}`,
  ];
  // Written out: only with a constant can a partial index be chosen.
  if (query.atLeast) found.push(`l.severity >= ${logLevels[query.atLeast]}`);
  if (query.traceId) found.push(`l.trace_id = ${values.add(bytes(query.traceId), 'bytea')}`);
  if (query.spanId) found.push(`l.span_id = ${values.add(bytes(query.spanId), 'bytea')}`);
  for (const term of textTerms(query.text ?? '')) {
    found.push(`l.body ILIKE ${values.add(`%${term.replace(/[\\%_]/g, '\\$&')}%`, 'text')}`);
  }
  for (const filter of query.attributes) found.push(attributeCondition(filter, resources, values));
  return found;
}

/**
 * A line has an attribute when it, or the resource that sent it, has one of this name; values are compared as text.
 * `!=` also holds where there is none.
 */
function attributeCondition(
  { key, operator, value = '' }: AttributeFilter,
  resources: readonly StoredResource[],
  values: Values,
): string {
  const senders = resources.filter(({ attributes }) =>
    operator === 'exists' ? Object.hasOwn(attributes, key) : asText(attributes[key]) === value,
  );
  const ofSender =
    senders.length > 0
      ? ` OR l.resource_id = ANY(${values.add(
          senders.map(({ id }) => id),
          'bytea[]',
        )})`
      : '';
  const name = values.add(key, 'text');
  if (operator === 'exists') return `(l.attributes ? ${name}${ofSender})`;
  const is = values.add(value, 'text');
  if (operator === '!=') return `NOT (coalesce(l.attributes ->> ${name} = ${is}, false)${ofSender})`;
  const contained = jsonForms(key, value).map((form) => `l.attributes @> ${values.add(form, 'jsonb')}`);
  return `(((${contained.join(' OR ')}) AND l.attributes ->> ${name} = ${is})${ofSender})`;
}

/** How a value that was typed may stand in JSON: as text, and as the number or the boolean that it reads as. */
function jsonForms(key: string, value: string): string[] {
  const forms = [JSON.stringify({ [key]: value })];
  if (/^-?(0|[1-9]\d{0,300})(\.\d{1,300})?$/.test(value)) forms.push(`{${JSON.stringify(key)}:${value}}`);
  if (value === 'true' || value === 'false') forms.push(`{${JSON.stringify(key)}:${value}}`);
  if (/^[[{]/.test(value) && isJson(value)) forms.push(`{${JSON.stringify(key)}:${value}}`);
  return forms;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A value as Postgres writes it with `->>`, near enough for what resources hold. */
function asText(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export const bytes = (hex: string) => Buffer.from(hex, 'hex');

/** Whether rows can be found in the order of time by index alone, however rare they are. */
export function isOrdered(query: Pick<LogQuery, 'text' | 'attributes' | 'traceId'>): boolean {
  return query.traceId !== undefined || (query.attributes.length === 0 && textTerms(query.text ?? '').length === 0);
}

/** What a search looks through that no index narrows, in words. */
export function unindexed(query: Pick<LogQuery, 'text' | 'attributes'>, hasTextIndex: boolean): string | null {
  const short = textTerms(query.text ?? '').filter((term) => !hasTextIndex || [...term].length < 3);
  const keys = query.attributes.filter(({ operator }) => operator !== '=').map(({ key }) => key);
  const parts = [
    ...(short.length > 0 ? [`for ${short.map((term) => `“${term}”`).join(', ')}`] : []),
    ...(keys.length > 0 ? [`for ${keys.map((key) => `“${key}”`).join(', ')} being absent, other or present`] : []),
  ];
  return parts.length > 0 ? `Without an index, line by line: ${parts.join(' and ')}.` : null;
}
