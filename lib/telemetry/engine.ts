import {
  candidateNames,
  environmentMatcher,
  type Matcher,
  type Prometheus,
  prometheus,
  prometheusOf,
  type RedScope,
  type RedSource,
  rateWindowMs,
  recognise,
  selector,
  type WorkloadMetric,
  workloadMetrics,
} from '#lib/adapters/prometheus/index.ts';
import { log } from '#lib/core/log.ts';
import { once } from '#lib/core/registry.ts';

/** One environment of one source, with all that is needed to ask about its services. */
export interface Engine {
  prometheus: Prometheus;
  environment: string;
  /** Narrows any selector to the environment. */
  matchers: Matcher[];
  sources: RedSource[];
  workloads: ReadonlySet<WorkloadMetric>;
}

interface Known {
  names: ReadonlySet<string>;
  expiresAtMs: number;
  ttlMs: number;
}

const longestTtlMs = 5 * 60_000;

/**
 * The engine of an environment. Throws `source.unavailable` where none is configured or it does not answer and
 * never has.
 */
export async function engineFor(environment: string, signal?: AbortSignal): Promise<Engine> {
  const found = prometheusOf(environment) ?? prometheus();
  const matcher = environmentMatcher(found.source, environment);
  const names = await knownNames(found, signal);
  return {
    prometheus: found,
    environment,
    matchers: matcher ? [matcher] : [],
    sources: recognise(names),
    workloads: new Set(workloadMetrics.filter((name) => names.has(name))),
  };
}

/**
 * Which of the names that we look for exist. Asked again soon while they still change, as after a first start, and
 * every five minutes once they do not.
 */
async function knownNames(engine: Prometheus, signal?: AbortSignal): Promise<ReadonlySet<string>> {
  const all = once('telemetry.discovery', () => new Map<string, Known>());
  const key = `${engine.source.id}|${engine.source.url}`;
  const known = all.get(key);
  const nowMs = Date.now();
  if (known && known.expiresAtMs > nowMs) return known.names;
  try {
    const matcher = selector('', [['__name__', '=~', candidateNames().join('|')]]);
    const recent = { matchers: [matcher], fromMs: nowMs - 3_600_000 };
    const { data } = await engine.labelValues('__name__', recent, { ttlMs: engine.source.scrapeIntervalMs, signal });
    const names = new Set(data);
    const same = known !== undefined && known.names.size === names.size && data.every((name) => known.names.has(name));
    const ttlMs = same ? Math.min(known.ttlMs * 2, longestTtlMs) : engine.source.scrapeIntervalMs;
    all.set(key, { names, ttlMs, expiresAtMs: nowMs + ttlMs });
    return names;
  } catch (error) {
    if (!known) throw error;
    log().debug({ err: error, source: engine.source.id }, 'names could not be asked again');
    return known.names;
  }
}

/** Over how long figures of now are averaged. */
export function windowOf(engine: Engine): number {
  return rateWindowMs(engine.prometheus.source.scrapeIntervalMs);
}

export function scopeOf(engine: Engine, windowMs: number, service?: string): RedScope {
  return { environment: engine.matchers, windowMs, ...(service === undefined ? {} : { service }) };
}
