import { textTerms, writeTextTerm } from '#lib/core/text-terms.ts';
import { formatAttributeFilter, parseAttributeFilter } from '#lib/logs/rules.ts';
import { type LogLevel, logLevels } from '#lib/logs/schemas.ts';
import { parseSpanId, parseTraceId } from '#lib/traces/trace-id-rules.ts';

/** What is searched for, but for its time and environment. */
export interface LogFilters {
  services: readonly string[];
  level: LogLevel | null;
  /** Each of them must be in the line. */
  words: readonly string[];
  trace: string | null;
  span: string | null;
  /** As `parseAttributeFilter` reads them. */
  attributes: readonly string[];
  source: string | null;
}

/** What the address says of the screen. */
export interface LogsView extends LogFilters {
  isTailing: boolean;
  isWrapped: boolean;
  /** The line that is open, and its time. */
  line: { id: string; timeNs: string } | null;
  /** So many lines around it are shown; 0: none. */
  around: number;
}

export const mostServices = 50;
export const mostAttributes = 20;
export const mostWords = 20;
export const mostAround = 200;

const isLevel = (text: string): text is LogLevel => (logLevels as readonly string[]).includes(text);
const unique = (list: readonly string[]) => [...new Set(list)];

/** Reads an address; parts that cannot be read are left out. */
export function parseLogsView(params: URLSearchParams): LogsView {
  const level = params.get('level') ?? '';
  const [, timeNs, id] = /^(\d{1,19})~(.{1,400})$/s.exec(params.get('line') ?? '') ?? [];
  const around = Number(params.get('around') ?? 0);
  return {
    services: unique(params.getAll('service').filter((name) => name !== '' && name.length <= 255)).slice(
      0,
      mostServices,
    ),
    level: isLevel(level) ? level : null,
    words: textTerms((params.get('text') ?? '').slice(0, 1_000)).slice(0, mostWords),
    trace: parseTraceId(params.get('trace') ?? '', 1),
    span: parseSpanId(params.get('span') ?? ''),
    attributes: unique(
      params.getAll('attr').flatMap((text) => {
        const filter = parseAttributeFilter(text);
        return filter ? [formatAttributeFilter(filter)] : [];
      }),
    ).slice(0, mostAttributes),
    source: params.get('source') || null,
    isTailing: params.get('tail') === '1',
    isWrapped: params.get('wrap') === '1',
    line: id && timeNs ? { id, timeNs } : null,
    around: Number.isInteger(around) && around > 0 ? Math.min(around, mostAround) : 0,
  };
}

/** Writes a view into the parameters of an address and leaves all others alone. */
export function writeLogsView(params: URLSearchParams, view: LogsView): void {
  const set = (name: string, values: readonly string[]) => {
    params.delete(name);
    for (const value of values) if (value !== '') params.append(name, value);
  };
  set('service', view.services);
  set('level', [view.level ?? '']);
  set('text', [textOf(view)]);
  set('trace', [view.trace ?? '']);
  set('span', [view.span ?? '']);
  set('attr', view.attributes);
  set('source', [view.source ?? '']);
  set('tail', [view.isTailing ? '1' : '']);
  set('wrap', [view.isWrapped ? '1' : '']);
  set('line', [view.line ? `${view.line.timeNs}~${view.line.id}` : '']);
  set('around', [view.line && view.around > 0 ? String(view.around) : '']);
}

/** The words as the API takes them. */
export const textOf = ({ words }: Pick<LogFilters, 'words'>) => words.map(writeTextTerm).join(' ');

/** The parameters of the API for a search. */
export function apiFilters(filters: LogFilters) {
  return {
    service: filters.services,
    level: filters.level ?? undefined,
    text: textOf(filters) || undefined,
    trace: filters.trace ?? undefined,
    span: filters.span ?? undefined,
    attribute: filters.attributes,
    source: filters.source ?? undefined,
  };
}

export const noFilters: LogFilters = {
  services: [],
  level: null,
  words: [],
  trace: null,
  span: null,
  attributes: [],
  source: null,
};

export const isFiltered = (filters: LogFilters) =>
  filters.services.length + filters.words.length + filters.attributes.length > 0 ||
  Boolean(filters.level || filters.trace || filters.span || filters.source);
