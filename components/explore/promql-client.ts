import type { PrometheusClient } from '@prometheus-io/codemirror-promql';
import type { QueryClient } from '@tanstack/react-query';
import { labelsQuery, metricsQuery } from '#lib/telemetry/queries.ts';

/**
 * What completion asks, answered by our own API and kept in the page's cache. Completion is a help: where the source
 * does not answer it offers nothing, and the query itself says why.
 */
export function promqlClient(client: QueryClient): PrometheusClient {
  const labels = (wanted: { label?: string; metric?: string }) =>
    client.fetchQuery({ ...labelsQuery(wanted), retry: false }).then(
      ({ items }) => items,
      () => [],
    );
  const metrics = () =>
    client.fetchQuery({ ...metricsQuery(), retry: false }).then(
      ({ items }) => items,
      () => [],
    );
  return {
    labelNames: async (metric) =>
      (await labels({ metric: metric || undefined })).filter((name) => !metric || name !== '__name__'),
    labelValues: (label, metric) => labels({ label, metric: metric || undefined }),
    metricNames: async () => (await metrics()).map(({ name }) => name),
    metricMetadata: async () =>
      Object.fromEntries(
        (await metrics()).flatMap(({ name, type, help }) =>
          type || help ? [[name, [{ type: type ?? 'unknown', help: help ?? '' }]]] : [],
        ),
      ),
    // Asked only by strategies of completion that we do not use.
    series: async () => [],
    flags: async () => ({}),
  };
}
