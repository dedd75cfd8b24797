import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type * as z from 'zod';
import { getJson, queryString } from '#lib/core/fetch-json.ts';
import { withJitter } from '#lib/core/jitter.ts';
import type {
  exclusionList,
  Policy,
  RulesStatus,
  SloDetail,
  SloHistory,
  SloList,
  sloRevisionList,
  sloTemplateList,
} from './schemas.ts';

const pollMs = 10_000;

interface Wanted {
  env: string;
  slo: string;
}

const path = (slo: string, rest = '') => `/api/v1/slos/${encodeURIComponent(slo)}${rest}`;

/** Every SLO of an environment by time to exhaustion; filters are the caller's, so that one answer serves all. */
export const slosQuery = (env: string) =>
  queryOptions({
    queryKey: ['slos', env],
    queryFn: ({ signal }) => getJson<SloList>(`/api/v1/slos?${queryString({ env })}`, { signal }),
    refetchInterval: withJitter(pollMs),
  });

/** The SLOs of one service. */
export const serviceSlosQuery = (wanted: { env: string; service: string }) =>
  queryOptions({
    queryKey: ['slos', wanted.env, 'of', wanted.service],
    queryFn: ({ signal }) => getJson<SloList>(`/api/v1/slos?${queryString(wanted)}`, { signal }),
    refetchInterval: withJitter(pollMs),
  });

/** One SLO with its figures of now. */
export const sloQuery = ({ env, slo }: Wanted) =>
  queryOptions({
    queryKey: ['slos', env, 'one', slo],
    queryFn: ({ signal }) => getJson<SloDetail>(`${path(slo)}?${queryString({ env })}`, { signal }),
    refetchInterval: withJitter(pollMs),
  });

/** Its charts over a range, or over its own window where none is given. */
export const sloHistoryQuery = ({ slo, ...wanted }: Wanted & { from?: string; to?: string }) =>
  queryOptions({
    queryKey: ['slos', wanted.env, 'one', slo, 'history', wanted.from ?? '', wanted.to ?? ''],
    queryFn: ({ signal }) => getJson<SloHistory>(`${path(slo, '/history')}?${queryString(wanted)}`, { signal }),
    refetchInterval: withJitter(60_000),
    placeholderData: keepPreviousData,
  });

/** What it said before, newest first. */
export const sloRevisionsQuery = ({ env, slo }: Wanted) =>
  queryOptions({
    queryKey: ['slos', env, 'one', slo, 'revisions'],
    queryFn: ({ signal }) =>
      getJson<z.infer<typeof sloRevisionList>>(`${path(slo, '/revisions')}?${queryString({ env })}`, { signal }),
  });

export const sloExclusionsQuery = ({ env, slo }: Wanted) =>
  queryOptions({
    queryKey: ['slos', env, 'one', slo, 'exclusions'],
    queryFn: ({ signal }) =>
      getJson<z.infer<typeof exclusionList>>(`${path(slo, '/exclusions')}?${queryString({ env })}`, { signal }),
  });

/** What would work for a service as its metrics are. */
export const sloTemplatesQuery = (wanted: { env: string; service: string }) =>
  queryOptions({
    queryKey: ['slos', wanted.env, 'templates', wanted.service],
    queryFn: ({ signal }) =>
      getJson<z.infer<typeof sloTemplateList>>(`/api/v1/slos/templates?${queryString(wanted)}`, { signal }),
    staleTime: 60_000,
  });

/** Whether the generated rules run in Prometheus. */
export const rulesStatusQuery = () =>
  queryOptions({
    queryKey: ['slos', 'rules', 'status'],
    queryFn: ({ signal }) => getJson<RulesStatus>('/api/v1/slos/rules/status', { signal }),
    refetchInterval: withJitter(pollMs * 3),
  });

export const policiesQuery = () =>
  queryOptions({
    queryKey: ['policies'],
    queryFn: ({ signal }) => getJson<{ items: Policy[]; nextCursor: null }>('/api/v1/policies', { signal }),
  });
