import { isPrometheusError, type Prometheus, prometheusSources } from '#lib/adapters/prometheus/index.ts';
import { config } from '#lib/core/config.ts';
import type { EnvironmentList } from './schemas.ts';

/** Every environment that the sources know, the default one first. A source that is down is named, not fatal. */
export async function listEnvironments(signal?: AbortSignal): Promise<EnvironmentList> {
  const sources = prometheusSources();
  const standard = sources[0]?.source.defaultEnvironment ?? config().QD_DEFAULT_ENVIRONMENT;
  const problems: EnvironmentList['problems'] = [];
  const found = await Promise.all(
    sources.map(async (prometheus) => {
      try {
        return (await environmentsOf(prometheus, signal)).map((name) => ({ name, source: prometheus.source.id }));
      } catch (error) {
        if (!isPrometheusError(error)) throw error;
        problems.push({ source: prometheus.source.id, detail: error.detail });
        return [];
      }
    }),
  );
  const unique = new Map(found.flat().map((item) => [item.name, item]));
  if (unique.size === 0) unique.set(standard, { name: standard, source: sources[0]?.source.id ?? 'none' });
  const chosen = unique.has(standard) ? standard : ([...unique.keys()].sort()[0] ?? standard);
  const items = [...unique.values()]
    .map((item) => ({ ...item, isDefault: item.name === chosen }))
    .sort((a, b) => Number(b.isDefault) - Number(a.isDefault) || (a.name < b.name ? -1 : 1));
  return { items, nextCursor: null, default: chosen, problems };
}

async function environmentsOf(engine: Prometheus, signal?: AbortSignal): Promise<string[]> {
  const { environment, environmentLabel, defaultEnvironment } = engine.source;
  if (environment !== undefined) return [environment];
  const recent = { fromMs: Date.now() - 24 * 3_600_000 };
  const { data } = await engine.labelValues(environmentLabel, recent, { signal, staleIfError: true });
  const names = data.filter((name) => name !== '');
  return names.length > 0 ? names : [defaultEnvironment];
}
