import { canFormat, formatFilter, parseFilter } from '#lib/traces/filter-rules.ts';
import { formatDuration, parseDuration } from './duration.ts';
import type { TraceFilters } from './search-url.ts';

/** One condition of the query line. */
export type Term =
  | { field: 'service' | 'operation' | 'source'; value: string }
  | { field: 'status'; value: 'error' | 'ok' }
  | { field: 'min' | 'max'; ms: number }
  /** As `parseFilter` reads it. */
  | { field: 'attribute'; filter: string };

/** The names that are not attributes. */
export const fields = ['service', 'operation', 'status', 'duration', 'source'] as const;
export type Field = (typeof fields)[number];

const operators = ['!=', '>=', '<=', '=', '>', '<'] as const;
type Operator = (typeof operators)[number];

interface RawTerm {
  key: string;
  operator: Operator | 'exists';
  value: string;
  isQuoted: boolean;
}

export const isField = (key: string): key is Field => (fields as readonly string[]).includes(key);
/** Those that any text can be the value of. */
export const isTextField = (key: string): key is 'service' | 'operation' | 'source' =>
  key === 'service' || key === 'operation' || key === 'source';

/** A key, an operator, and a value in quotes or up to where the next key with its operator begins. */
const term =
  /\s*([^\s=!<>"]+)(?:\s*(!=|>=|<=|=|>|<)\s*(?:"((?:[^"\\]|\\.)*)"(?=\s|$)|((?:(?!\s+[^\s=!<>"]+\s*(?:!=|>=|<=|=|>|<)|\s+[^\s=!<>"]+\s+exists(?=\s|$)).)*))|\s+(exists)(?=\s|$)|(?=\s*$))/gsuy;

const unquote = (text: string) => text.replace(/\\(.)/gs, '$1');
const quote = (text: string) =>
  text === '' || text !== text.trim() || /["\\=!<>\n\r]|\sexists(\s|$)/u.test(text)
    ? `"${text.replace(/["\\]/g, '\\$&')}"`
    : text;

function readTerm({ key, operator, value, isQuoted }: RawTerm): Term | string {
  const isBlank = operator !== 'exists' && value === '' && !(isQuoted && !isField(key));
  if (isBlank) return `${key} ${operator}: what should it be?${isField(key) ? '' : ' Write "" for an empty value.'}`;
  if (key === 'duration') {
    if (operator === 'exists' || operator === '=' || operator === '!=')
      return 'duration: write duration > 250ms or duration < 2s';
    const ms = parseDuration(value);
    return typeof ms === 'string' ? `duration ${ms}` : { field: operator.startsWith('>') ? 'min' : 'max', ms };
  }
  if (isField(key)) {
    if (operator !== '=') return `${key} takes = only`;
    if (isTextField(key)) return { field: key, value };
    const status = value.toLowerCase();
    return status === 'error' || status === 'ok' ? { field: 'status', value: status } : 'status is error or ok';
  }
  if (operator !== '=' && operator !== '!=' && operator !== 'exists') return `${key} takes =, != or exists`;
  const filter = operator === 'exists' ? key : `${key}${operator}${value}`;
  const read = parseFilter(filter);
  return typeof read === 'string' ? `${key} ${read}` : { field: 'attribute', filter };
}

/**
 * Reads a line: `service = payment  http.route = /charges  duration > 250ms  payment.provider exists`. A value may have
 * spaces; one that has operators is put in quotes. What cannot be read comes back as a sentence.
 */
export function parseLine(line: string): Term[] | string {
  const terms: Term[] = [];
  let at = 0;
  while (line.slice(at).trim() !== '') {
    term.lastIndex = at;
    const found = term.exec(line);
    if (!found) return `“${line.slice(at).trim()}” cannot be read: write key = value, such as http.route = /charges`;
    const [, key = '', operator, quoted, plain, exists] = found;
    if (operator === undefined && exists === undefined && isField(key))
      return `${key}: what should it be? Write ${key} ${key === 'duration' ? '> 250ms' : '= …'}`;
    const value = quoted === undefined ? (plain ?? '').trim() : unquote(quoted);
    const read = readTerm({
      key,
      operator: (operator as Operator | undefined) ?? 'exists',
      value,
      isQuoted: quoted !== undefined,
    });
    if (typeof read === 'string') return read;
    terms.push(read);
    at = term.lastIndex;
  }
  return terms;
}

/** A filter of an attribute as it stands in the line. */
export function filterText(filter: string): string {
  const read = parseFilter(filter);
  if (typeof read === 'string') return filter;
  const name = formatFilter({ ...read, operator: 'exists' });
  return read.operator === 'exists' ? `${name} exists` : `${name} ${read.operator} ${quote(read.value ?? '')}`;
}

/** Writes what `parseLine` reads. */
export function formatTerm(one: Term): string {
  switch (one.field) {
    case 'min':
      return `duration > ${formatDuration(one.ms)}`;
    case 'max':
      return `duration < ${formatDuration(one.ms)}`;
    case 'attribute':
      return filterText(one.filter);
    default:
      return `${one.field} = ${quote(one.value)}`;
  }
}

/** What can be written into the line and read back: names with spaces or operators in them cannot. */
export function canWrite(key: string): boolean {
  return canFormat({ key }) && !/[\s!<>"]/u.test(key);
}

/** The conditions that stand in the line; status and duration have buttons of their own. */
export function termsOf({ service, operation, attributes }: TraceFilters): Term[] {
  return [
    ...(service ? [{ field: 'service' as const, value: service }] : []),
    ...(operation ? [{ field: 'operation' as const, value: operation }] : []),
    ...attributes.map((filter) => ({ field: 'attribute' as const, filter })),
  ];
}

function withTerm(filters: TraceFilters, one: Term): TraceFilters {
  switch (one.field) {
    case 'min':
      return { ...filters, minMs: one.ms };
    case 'max':
      return { ...filters, maxMs: one.ms };
    case 'attribute':
      return { ...filters, attributes: [...new Set([...filters.attributes, one.filter])] };
    case 'service':
      // Operations are those of one service.
      return one.value === filters.service ? filters : { ...filters, service: one.value, operation: null };
    default:
      return { ...filters, [one.field]: one.value };
  }
}

/** The search with conditions added; those that can be only once replace what was there. */
export const withTerms = (filters: TraceFilters, terms: readonly Term[]): TraceFilters =>
  terms.reduce(withTerm, filters);

/** The search without one of its conditions. */
export function withoutTerm(filters: TraceFilters, one: Term): TraceFilters {
  switch (one.field) {
    case 'attribute':
      return { ...filters, attributes: filters.attributes.filter((filter) => filter !== one.filter) };
    case 'service':
      return { ...filters, service: null, operation: null };
    case 'min':
      return { ...filters, minMs: null };
    case 'max':
      return { ...filters, maxMs: null };
    default:
      return { ...filters, [one.field]: null };
  }
}

/** The search with one condition edited into others; an attribute keeps its place in the line. */
export function withEdited(filters: TraceFilters, before: Term, terms: readonly Term[]): TraceFilters {
  if (before.field !== 'attribute') {
    const isReplaced = terms.some(({ field }) => field === before.field);
    return withTerms(isReplaced ? filters : withoutTerm(filters, before), terms);
  }
  const edited = terms.flatMap((one) => (one.field === 'attribute' ? [one.filter] : []));
  const attributes = filters.attributes.flatMap((filter) => (filter === before.filter ? edited : [filter]));
  return withTerms({ ...filters, attributes: [...new Set(attributes)] }, terms);
}
