import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { getJson, queryString } from '#lib/core/fetch-json.ts';
import { withJitter } from '#lib/core/jitter.ts';
import type { ServiceMap } from './map-schemas.ts';
import type {
  Business,
  EnvironmentList,
  ExemplarList,
  ExploreInstant,
  ExploreRange,
  Heatmap,
  LabelList,
  MetricList,
  RedRange,
  ReplicaTable,
  RouteTable,
  Saturation,
  ServiceDetail,
  ServiceList,
} from './schemas.ts';

/** A time range as the API takes it: `now-1h` and `now`, or RFC 3339 instants. Relative ones are shared by viewers. */
export interface RangeWanted {
  from: string;
  to: string;
  /** Width of the chart in pixels; rounded, so that nearly equal windows ask the same. */
  width?: number;
}

interface Wanted {
  env: string;
  service: string;
}

const pollMs = 5_000;
const roundWidth = (width: number) => Math.max(100, Math.ceil(width / 100) * 100);

const ranged = ({ from, to, width }: RangeWanted) => ({
  from,
  to,
  ...(width === undefined ? {} : { width: roundWidth(width) }),
});

/** Only a range that ends now has something new to tell. */
const refetch = ({ to }: RangeWanted) => (to === 'now' ? withJitter(pollMs * 2) : (false as const));

/** Every environment that the sources know. */
export const environmentsQuery = () =>
  queryOptions({
    queryKey: ['environments'],
    queryFn: ({ signal }) => getJson<EnvironmentList>('/api/v1/environments', { signal }),
    staleTime: 60_000,
  });

/** All services of an environment with their figures, the worst first. */
export const servicesQuery = (env: string) =>
  queryOptions({
    queryKey: ['services', env],
    queryFn: ({ signal }) => getJson<ServiceList>(`/api/v1/services?${queryString({ env })}`, { signal }),
    refetchInterval: withJitter(pollMs),
  });

const servicePath = (service: string, rest = '') => `/api/v1/services/${encodeURIComponent(service)}${rest}`;

/** One service with its figures of now. */
export const serviceQuery = ({ env, service }: Wanted) =>
  queryOptions({
    queryKey: ['services', env, service],
    queryFn: ({ signal }) => getJson<ServiceDetail>(`${servicePath(service)}?${queryString({ env })}`, { signal }),
    refetchInterval: withJitter(pollMs),
  });

const part =
  <T>(name: string) =>
  (wanted: Wanted & RangeWanted) => {
    const params = { env: wanted.env, ...ranged(wanted) };
    return queryOptions({
      queryKey: ['services', wanted.env, wanted.service, name, params],
      queryFn: ({ signal }) =>
        getJson<T>(`${servicePath(wanted.service, `/${name}`)}?${queryString(params)}`, { signal }),
      refetchInterval: refetch(wanted),
      placeholderData: keepPreviousData,
    });
  };

/** Rate, errors by status and durations over a range. */
export const redQuery = part<RedRange>('red');
/** The histogram of durations over a range. */
export const heatmapQuery = part<Heatmap>('heatmap');
/** Rate, errors and duration by route, over the range. */
export const routesQuery = part<RouteTable>('routes');
/** Every replica with its state and its use of resources. */
export const replicasQuery = part<ReplicaTable>('replicas');
/** How full CPU, memory, event loop and queues are, over a range. */
export const saturationQuery = part<Saturation>('saturation');
/** What the service counts beside requests, over a range. */
export const businessQuery = part<Business>('business');
/** Traces that stand for points of the duration chart. */
export const exemplarsQuery = part<ExemplarList>('exemplars');

/** A person's PromQL at one instant. */
export const exploreInstantQuery = ({ query, at }: { query: string; at?: string }) =>
  queryOptions({
    queryKey: ['explore', 'query', query, at ?? 'now'],
    queryFn: ({ signal }) => getJson<ExploreInstant>(`/api/v1/explore/query?${queryString({ query, at })}`, { signal }),
    retry: false,
  });

/** A person's PromQL over a range; `step` such as `1m` replaces the one that follows from the width. */
export const exploreRangeQuery = (wanted: RangeWanted & { query: string; step?: string }) => {
  const params = { query: wanted.query, ...ranged(wanted), step: wanted.step };
  return queryOptions({
    queryKey: ['explore', 'query_range', params],
    queryFn: ({ signal }) => getJson<ExploreRange>(`/api/v1/explore/query_range?${queryString(params)}`, { signal }),
    retry: false,
    placeholderData: keepPreviousData,
  });
};

/** Label names, or the values of one label; of one metric when given. */
export const labelsQuery = (wanted: { label?: string; metric?: string }) =>
  queryOptions({
    queryKey: ['explore', 'labels', wanted.label ?? null, wanted.metric ?? null],
    queryFn: ({ signal }) => getJson<LabelList>(`/api/v1/explore/labels?${queryString(wanted)}`, { signal }),
    staleTime: 60_000,
  });

/** Metric names with type and help, for completion. */
export const metricsQuery = () =>
  queryOptions({
    queryKey: ['explore', 'metadata'],
    queryFn: ({ signal }) => getJson<MetricList>('/api/v1/explore/metadata', { signal }),
    staleTime: 60_000,
  });

/** Who calls whom, with rate, errors and duration. */
export const mapQuery = (wanted: { env: string; from: string; to: string }) =>
  queryOptions({
    queryKey: ['map', wanted],
    queryFn: ({ signal }) => getJson<ServiceMap>(`/api/v1/map?${queryString(wanted)}`, { signal }),
    refetchInterval: refetch(wanted),
    placeholderData: keepPreviousData,
  });
