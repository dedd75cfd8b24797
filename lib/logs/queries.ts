import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getJson, queryString } from '#lib/core/fetch-json.ts';
import type { LogContext, LogFacets, LogHistogram, LogLevel, LogList, LogValues } from './schemas.ts';

/** A search as the API takes it; lists are repeated parameters. */
export interface LogsWanted {
  env: string;
  from: string;
  to: string;
  service?: readonly string[];
  level?: LogLevel;
  text?: string;
  trace?: string;
  span?: string;
  /** `order.id=17`, `http.route!=/healthz`, `error.type` (exists). */
  attribute?: readonly string[];
  source?: string;
}

const pageSize = 200;

/** Lines that match, newest first, page by page. */
export const logsQuery = (wanted: LogsWanted) =>
  infiniteQueryOptions({
    queryKey: ['logs', wanted],
    queryFn: ({ signal, pageParam }) =>
      getJson<LogList>(`/api/v1/logs?${queryString({ ...wanted, limit: pageSize, cursor: pageParam })}`, { signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    retry: false,
  });

/** All lines of one trace (or one span of it), oldest first; 500 at most. */
export const traceLogsQuery = (wanted: { env: string; trace: string; span?: string; from: string; to: string }) =>
  queryOptions({
    queryKey: ['logs', 'trace', wanted],
    queryFn: ({ signal }) =>
      getJson<LogList>(`/api/v1/logs?${queryString({ ...wanted, limit: 500, order: 'oldest' })}`, { signal }),
    staleTime: 10_000,
    retry: false,
  });

/** How many lines over time, by level. */
export const logHistogramQuery = (wanted: LogsWanted & { buckets?: number }) =>
  queryOptions({
    queryKey: ['logs', 'histogram', wanted],
    queryFn: ({ signal }) => getJson<LogHistogram>(`/api/v1/logs/histogram?${queryString(wanted)}`, { signal }),
    placeholderData: keepPreviousData,
    retry: false,
  });

/** The lines around one. */
export const logContextQuery = (wanted: {
  env: string;
  id: string;
  timeNs: string;
  service?: string;
  before?: number;
  after?: number;
}) =>
  queryOptions({
    queryKey: ['logs', 'context', wanted],
    queryFn: ({ signal }) => getJson<LogContext>(`/api/v1/logs/context?${queryString(wanted)}`, { signal }),
    staleTime: 60_000,
  });

/** Services and attributes that a search can name. */
export const logFacetsQuery = (wanted: { env: string; from: string; to: string; service?: string }) =>
  queryOptions({
    queryKey: ['logs', 'facets', wanted],
    queryFn: ({ signal }) => getJson<LogFacets>(`/api/v1/logs/facets?${queryString(wanted)}`, { signal }),
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  });

/** Values of one attribute, the most frequent first. */
export const logValuesQuery = (wanted: {
  env: string;
  from: string;
  to: string;
  key: string;
  service?: string;
  prefix?: string;
}) =>
  queryOptions({
    queryKey: ['logs', 'values', wanted],
    queryFn: ({ signal }) => getJson<LogValues>(`/api/v1/logs/values?${queryString(wanted)}`, { signal }),
    staleTime: 30_000,
    placeholderData: keepPreviousData,
  });
