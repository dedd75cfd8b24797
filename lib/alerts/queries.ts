import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type * as z from 'zod';
import { getJson, queryString } from '#lib/core/fetch-json.ts';
import { withJitter } from '#lib/core/jitter.ts';
import type {
  AlertChart,
  AlertDetail,
  AlertList,
  AlertState,
  SilencePreview,
  silence,
  silenceList,
} from './schemas.ts';

const pollMs = 10_000;

export interface AlertsWanted {
  env: string;
  service?: string;
  slo?: string;
  state?: AlertState[];
  severity?: string;
  q?: string;
  limit?: number;
}

/** Alerts of an environment: all but the resolved ones unless states are named. */
export const alertsQuery = (wanted: AlertsWanted) =>
  queryOptions({
    queryKey: ['alerts', wanted.env, wanted],
    queryFn: ({ signal }) => getJson<AlertList>(`/api/v1/alerts?${queryString({ ...wanted })}`, { signal }),
    refetchInterval: withJitter(pollMs),
    placeholderData: keepPreviousData,
  });

export const alertsPageSize = 500;

/** The same page by page, for the list of all of them: the more are held, the more rarely they are asked for again. */
export const alertPagesQuery = (wanted: Omit<AlertsWanted, 'limit'>) =>
  infiniteQueryOptions({
    queryKey: ['alerts', wanted.env, 'pages', wanted],
    queryFn: ({ signal, pageParam }) =>
      getJson<AlertList>(`/api/v1/alerts?${queryString({ ...wanted, limit: alertsPageSize, cursor: pageParam })}`, {
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    refetchInterval: ({ state }) => withJitter(pollMs * (state.data?.pages.length ?? 1))(),
    placeholderData: keepPreviousData,
  });

/** One alert with its explanation and history. */
export const alertQuery = (fingerprint: string) =>
  queryOptions({
    queryKey: ['alerts', 'one', fingerprint],
    queryFn: ({ signal }) => getJson<AlertDetail>(`/api/v1/alerts/${fingerprint}`, { signal }),
    refetchInterval: withJitter(pollMs),
  });

/** Its expression over a range. */
export const alertChartQuery = (wanted: { fingerprint: string; from: string; to: string }) =>
  queryOptions({
    queryKey: ['alerts', 'one', wanted.fingerprint, 'chart', wanted.from, wanted.to],
    queryFn: ({ signal }) =>
      getJson<AlertChart>(
        `/api/v1/alerts/${wanted.fingerprint}/chart?${queryString({ from: wanted.from, to: wanted.to })}`,
        {
          signal,
        },
      ),
    placeholderData: keepPreviousData,
  });

export const silencesQuery = () =>
  queryOptions({
    queryKey: ['silences'],
    queryFn: ({ signal }) => getJson<z.infer<typeof silenceList>>('/api/v1/silences', { signal }),
    refetchInterval: withJitter(pollMs),
  });

/** What a silence with these matchers would quiet now, by Alertmanager's own word. */
export const silencePreviewQuery = (matchers: readonly z.infer<typeof silence>['matchers'][number][]) =>
  queryOptions({
    queryKey: ['silences', 'preview', matchers],
    queryFn: ({ signal }) =>
      getJson<SilencePreview>(`/api/v1/silences/preview?${queryString({ matchers: JSON.stringify(matchers) })}`, {
        signal,
      }),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
    retry: false,
  });
