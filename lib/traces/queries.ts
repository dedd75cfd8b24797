import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getJson, queryString } from '#lib/core/fetch-json.ts';
import type {
  Analysis,
  AttributeValues,
  SpanDetails,
  SpanMatches,
  SuspectList,
  Trace,
  TraceComparison,
  TraceFacets,
  TraceList,
} from './schemas.ts';

/** A search as the API takes it; lists are repeated parameters. */
export interface TraceWanted {
  env: string;
  from: string;
  to: string;
  service?: string;
  operation?: string;
  status?: 'error' | 'ok';
  minDurationMs?: number;
  maxDurationMs?: number;
  /** `http.route=/charges`, `resource.service.version!=4.2.0`, `payment.provider` (exists). */
  attribute?: readonly string[];
  /** TraceQL. */
  q?: string;
  source?: string;
  limit?: number;
  order?: 'newest' | 'spread';
}

/** The traces that are held against the rest of the same search. */
export type Cohort =
  | { cohort: 'box'; boxFrom: string; boxTo: string; boxMinMs: number; boxMaxMs: number }
  | { cohort: 'errors' }
  | { cohort: 'slow'; slowMs?: number }
  | { cohort: 'after'; at: string }
  | { cohort: 'window'; windowFrom: string; windowTo: string };

const tracePath = (traceId: string, rest = '') => `/api/v1/traces/${encodeURIComponent(traceId)}${rest}`;

/** Traces that match, newest first. */
export const tracesQuery = (wanted: TraceWanted) =>
  queryOptions({
    queryKey: ['traces', wanted],
    queryFn: ({ signal }) => getJson<TraceList>(`/api/v1/traces?${queryString(wanted)}`, { signal }),
    placeholderData: keepPreviousData,
    retry: false,
  });

/** Services, operations and attributes that a search can name. */
export const facetsQuery = (wanted: Pick<TraceWanted, 'env' | 'from' | 'to' | 'service'>) =>
  queryOptions({
    queryKey: ['traces', 'facets', wanted],
    queryFn: ({ signal }) => getJson<TraceFacets>(`/api/v1/traces/facets?${queryString(wanted)}`, { signal }),
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  });

/** Values of one attribute that begin with `prefix`. */
export const valuesQuery = (
  wanted: Pick<TraceWanted, 'env' | 'from' | 'to' | 'service'> & {
    scope: 'span' | 'resource';
    key: string;
    prefix?: string;
  },
) =>
  queryOptions({
    queryKey: ['traces', 'values', wanted],
    queryFn: ({ signal }) => getJson<AttributeValues>(`/api/v1/traces/values?${queryString(wanted)}`, { signal }),
    staleTime: 30_000,
  });

/** What differs between a cohort of a search and the rest of it. */
export const analysisQuery = (wanted: TraceWanted & Cohort) =>
  queryOptions({
    queryKey: ['traces', 'analyze', wanted],
    queryFn: ({ signal }) => getJson<Analysis>(`/api/v1/traces/analyze?${queryString(wanted)}`, { signal }),
    staleTime: 10_000,
    retry: false,
  });

/** Address of one trace; what has it fetched ahead must write it the same. */
export const traceAddress = (traceId: string, at?: string) => `${tracePath(traceId)}?${queryString({ at })}`;

/** One trace, in columns. `at`: when it happened, which makes it quicker to find. */
export const traceQuery = (traceId: string, at?: string) =>
  queryOptions({
    queryKey: ['traces', 'one', traceId],
    queryFn: ({ signal }) => getJson<Trace>(traceAddress(traceId, at), { signal }),
    staleTime: 5_000,
    retry: false,
  });

/** Attributes, events and links of some spans. */
export const spanQuery = (traceId: string, spanId: string) =>
  queryOptions({
    queryKey: ['traces', 'one', traceId, 'spans', spanId],
    queryFn: ({ signal }) =>
      getJson<SpanDetails>(`${tracePath(traceId, '/spans')}?${queryString({ id: [spanId] })}`, { signal }),
    staleTime: 60_000,
  });

/** Spans that contain a text, attributes and events included. */
export const findQuery = (traceId: string, text: string) =>
  queryOptions({
    queryKey: ['traces', 'one', traceId, 'find', text],
    queryFn: ({ signal }) =>
      getJson<SpanMatches>(`${tracePath(traceId, '/find')}?${queryString({ text })}`, { signal }),
    staleTime: 60_000,
    enabled: text.trim() !== '',
    placeholderData: keepPreviousData,
  });

/** Two traces held against each other. */
export const comparisonQuery = (a: string, b: string) =>
  queryOptions({
    queryKey: ['traces', 'compare', a, b],
    queryFn: ({ signal }) => getJson<TraceComparison>(`/api/v1/traces/compare?${queryString({ a, b })}`, { signal }),
    staleTime: 60_000,
    retry: false,
  });

/** What explains the failing requests of a service. */
export const suspectsQuery = (wanted: { env: string; service: string; from: string; to: string }) => {
  const { service, ...rest } = wanted;
  return queryOptions({
    queryKey: ['services', wanted.env, service, 'suspects', rest],
    queryFn: ({ signal }) =>
      getJson<SuspectList>(`/api/v1/services/${encodeURIComponent(service)}/suspects?${queryString(rest)}`, {
        signal,
      }),
    staleTime: 10_000,
    placeholderData: keepPreviousData,
  });
};
