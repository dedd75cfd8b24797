import { formatAttributeFilter, parseAttributeFilter } from '#lib/logs/rules.ts';
import { type LogLevel, logLevels } from '#lib/logs/schemas.ts';
import { parseSpanId, parseTraceId } from '#lib/traces/trace-id-rules.ts';
import type { LogFilters } from './logs-url.ts';

/** One condition of the query line. */
export type Term =
  | { field: 'service' | 'trace' | 'span'; value: string }
  | { field: 'level'; value: LogLevel }
  | { field: 'attribute'; filter: string }
  /** In the line itself. */
  | { field: 'word'; value: string };

/** The names that are not attributes. */
export const fields = ['service', 'level', 'trace', 'span'] as const;
const isField = (key: string): key is (typeof fields)[number] => (fields as readonly string[]).includes(key);

/** `key = value`, `key != value`, `key >= value`, `key exists`; text in quotes; a word. */
const token =
  /\s*(?:([^\s=!<>"]+)(?:\s*(!=|>=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))|\s+(exists)(?=\s|$))|"((?:[^"\\]|\\.)*)(?:"|\\?$)|([^\s"]+))/gsuy;

const unquote = (text: string) => text.replace(/\\(["\\])/g, '$1');
const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;

function condition(key: string, operator: string, value: string): Term | string {
  if (!isField(key)) {
    if (operator === '>=') return `${key} takes =, != or exists`;
    const filter = formatAttributeFilter(
      operator === 'exists' ? { key, operator: 'exists' } : { key, operator: operator === '=' ? '=' : '!=', value },
    );
    return parseAttributeFilter(filter) ? { field: 'attribute', filter } : `“${key}” is no name of an attribute`;
  }
  if (value === '') return `${key}: what should it be?`;
  if (key === 'level') {
    const level = logLevels.find((one) => one === value.toLowerCase());
    if (!level) return `level is one of ${logLevels.join(', ')}`;
    return operator === '!=' ? 'level takes >= only' : { field: 'level', value: level };
  }
  if (operator !== '=') return `${key} takes = only`;
  if (key === 'service') return { field: 'service', value };
  const id = key === 'trace' ? parseTraceId(value, 1) : parseSpanId(value);
  if (!id) return `${key} is ${key === 'trace' ? 32 : 16} hexadecimal digits`;
  return { field: key, value: id };
}

/**
 * Reads a line: `service = payment  level >= warn  http.route = /charges  declined "no funds"`. What is no condition is
 * looked for in the lines; 32 hexadecimal digits are a trace. What cannot be read comes back as a sentence.
 */
export function parseLine(line: string): Term[] | string {
  const terms: Term[] = [];
  let at = 0;
  while (line.slice(at).trim() !== '') {
    token.lastIndex = at;
    const found = token.exec(line);
    if (!found) {
      terms.push({ field: 'word', value: line.slice(at).trim() });
      break;
    }
    at = token.lastIndex;
    const [, key, operator, inQuotes, plain, exists, phrase, word] = found;
    if (key !== undefined) {
      const value = inQuotes === undefined ? (plain ?? '') : unquote(inQuotes);
      const read = condition(key, exists ?? operator ?? '=', value);
      if (typeof read === 'string') return read;
      terms.push(read);
    } else if (phrase !== undefined) {
      const value = unquote(phrase);
      if (value.trim() !== '') terms.push({ field: 'word', value });
    } else if (word !== undefined) {
      const traceId = word.length === 32 ? parseTraceId(word) : null;
      terms.push(traceId ? { field: 'trace', value: traceId } : { field: 'word', value: word });
    }
  }
  return terms;
}

/** Writes what `parseLine` reads. */
export function formatTerm(term: Term): string {
  switch (term.field) {
    case 'word':
      return quoted(term.value);
    case 'level':
      return `level >= ${term.value}`;
    case 'attribute': {
      const filter = parseAttributeFilter(term.filter);
      if (!filter) return term.filter;
      if (filter.operator === 'exists') return `${filter.key} exists`;
      return `${filter.key} ${filter.operator} ${valueText(filter.value ?? '')}`;
    }
    default:
      return `${term.field} = ${valueText(term.value)}`;
  }
}

const valueText = (value: string) => (/^[^\s"]+$/u.test(value) ? value : quoted(value));

/** Whether a name can be written into the line and read back. */
export const canWrite = (key: string) => /^[^\s=!<>"]+$/u.test(key) && !isField(key);

/** The conditions in the order in which they stand in the line; the level has a button of its own. */
export function termsOf({ services, trace, span, attributes, words }: LogFilters): Term[] {
  return [
    ...services.map((value): Term => ({ field: 'service', value })),
    ...(trace ? [{ field: 'trace' as const, value: trace }] : []),
    ...(span ? [{ field: 'span' as const, value: span }] : []),
    ...attributes.map((filter): Term => ({ field: 'attribute', filter })),
    ...words.map((value): Term => ({ field: 'word', value })),
  ];
}

const added = (list: readonly string[], value: string) => (list.includes(value) ? list : [...list, value]);
const removed = (list: readonly string[], value: string) => list.filter((one) => one !== value);

export function withTerm(filters: LogFilters, term: Term): LogFilters {
  switch (term.field) {
    case 'service':
      return { ...filters, services: added(filters.services, term.value) };
    case 'attribute':
      return { ...filters, attributes: added(filters.attributes, term.filter) };
    case 'word':
      return { ...filters, words: added(filters.words, term.value) };
    case 'level':
      return { ...filters, level: term.value };
    default:
      return { ...filters, [term.field]: term.value };
  }
}

export const withTerms = (filters: LogFilters, terms: readonly Term[]): LogFilters => terms.reduce(withTerm, filters);

export function withoutTerm(filters: LogFilters, term: Term): LogFilters {
  switch (term.field) {
    case 'service':
      return { ...filters, services: removed(filters.services, term.value) };
    case 'attribute':
      return { ...filters, attributes: removed(filters.attributes, term.filter) };
    case 'word':
      return { ...filters, words: removed(filters.words, term.value) };
    default:
      return { ...filters, [term.field]: null };
  }
}
