import type { TraceWanted } from '#lib/traces/queries.ts';
import { type Cohort, parseCohort, writeCohort } from './cohort-url.ts';
import { formatDuration, parseDuration } from './duration.ts';

/** What is searched for and what of it is selected: all of it stands in the address. */
export interface TraceSearch {
  service: string | null;
  operation: string | null;
  status: 'error' | 'ok' | null;
  minMs: number | null;
  maxMs: number | null;
  /** As `parseFilter` reads them: `http.route=/charges`. */
  attributes: readonly string[];
  /** TraceQL. */
  q: string;
  source: string | null;
  cohort: Cohort | null;
  /** Ids of traces that are picked to be compared; two at most. */
  picked: readonly string[];
}

/** The filters, without what is selected. */
export type TraceFilters = Omit<TraceSearch, 'cohort' | 'picked'>;

export const anything: TraceFilters = {
  service: null,
  operation: null,
  status: null,
  minMs: null,
  maxMs: null,
  attributes: [],
  q: '',
  source: null,
};

/** So many attributes at most, as the API takes them. */
export const mostAttributes = 20;
const params = ['service', 'operation', 'status', 'min', 'max', 'attr', 'q', 'source', 'pick'] as const;
const traceId = /^[0-9a-f]{32}$/;

function durationIn(search: URLSearchParams, name: 'min' | 'max'): number | null {
  const read = parseDuration(search.get(name) ?? '');
  return typeof read === 'number' ? read : null;
}

/** What an address asks for; parts that cannot be read are left out. */
export function parseSearch(search: URLSearchParams): TraceSearch {
  const status = search.get('status');
  const attributes = search.getAll('attr').filter((text) => text.trim() !== '');
  return {
    service: search.get('service') || null,
    operation: search.get('operation') || null,
    status: status === 'error' || status === 'ok' ? status : null,
    minMs: durationIn(search, 'min'),
    maxMs: durationIn(search, 'max'),
    attributes: [...new Set(attributes)].slice(0, mostAttributes),
    q: search.get('q')?.trim() ?? '',
    source: search.get('source') || null,
    cohort: parseCohort(search),
    picked: [...new Set(search.getAll('pick').filter((id) => traceId.test(id)))].slice(0, 2),
  };
}

/** `search` with the state written into it; parameters that are not ours stay. */
export function writeSearch(search: URLSearchParams, state: TraceSearch): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const name of params) next.delete(name);
  if (state.service) next.set('service', state.service);
  if (state.operation) next.set('operation', state.operation);
  if (state.status) next.set('status', state.status);
  if (state.minMs !== null) next.set('min', formatDuration(state.minMs));
  if (state.maxMs !== null) next.set('max', formatDuration(state.maxMs));
  for (const one of state.attributes) next.append('attr', one);
  if (state.q) next.set('q', state.q);
  if (state.source) next.set('source', state.source);
  for (const id of state.picked) next.append('pick', id);
  return writeCohort(next, state.cohort);
}

/** The search as the API takes it. */
export function wantedOf(
  filters: TraceFilters,
  range: Pick<TraceWanted, 'env' | 'from' | 'to'>,
): Omit<TraceWanted, 'limit' | 'order'> {
  return {
    ...range,
    service: filters.service ?? undefined,
    operation: filters.operation ?? undefined,
    status: filters.status ?? undefined,
    minDurationMs: filters.minMs ?? undefined,
    maxDurationMs: filters.maxMs ?? undefined,
    attribute: filters.attributes.length > 0 ? filters.attributes : undefined,
    q: filters.q || undefined,
    source: filters.source ?? undefined,
  };
}

/** Whether anything narrows the search down. */
export function isFiltered(filters: TraceFilters): boolean {
  const { env, from, to, ...rest } = wantedOf(filters, { env: '', from: '', to: '' });
  return Object.values(rest).some((value) => value !== undefined);
}
