import { type Labels, oneOf, type Prometheus, selector } from '#lib/adapters/prometheus/index.ts';
import type { Span } from './grid.ts';

/** What was scraped: a process at an address. */
export interface Target {
  job: string;
  instance: string;
}

export interface TargetEvidence {
  /** When it was first seen to answer a scrape; null: never. */
  upSinceMs: number | null;
  /** When its first process of the span began. */
  processStartMs: number | null;
}

const mostTargets = 300;
const mostSteps = 1_500;

/** The target of a series; null where it does not say, as behind a gateway that many push to. */
export function targetOf({ job = '', instance }: Labels): Target | null {
  return instance ? { job, instance } : null;
}

export const targetKey = ({ job, instance }: Target): string => JSON.stringify([job, instance]);

/** Since when targets answer, and since when the processes behind them run, as the engine knows it. */
export async function targetEvidence(
  prometheus: Prometheus,
  targets: readonly Target[],
  span: Span,
  signal?: AbortSignal,
): Promise<Map<string, TargetEvidence>> {
  const unique = new Map(targets.map((target) => [targetKey(target), target]));
  const asked = [...unique.values()].slice(0, mostTargets);
  const found = new Map<string, TargetEvidence>();
  if (asked.length === 0) return found;
  const matchers = [
    oneOf('job', [...new Set(asked.map(({ job }) => job))]),
    oneOf('instance', [...new Set(asked.map(({ instance }) => instance))]),
  ];
  const lengthMs = span.toMs - span.fromMs;
  const stepMs = Math.max(prometheus.source.scrapeIntervalMs, Math.ceil(lengthMs / mostSteps / 1_000) * 1_000);
  const options = signal ? { signal } : {};
  const [up, starts] = await Promise.all([
    prometheus.rangeQuery(`${selector('up', matchers)} == 1`, { ...span, stepMs }, options),
    prometheus.instantQuery(
      `min_over_time(${selector('process_start_time_seconds', matchers)}[${Math.ceil(lengthMs / 1_000)}s])`,
      { atMs: span.toMs, ...options },
    ),
  ]);
  const evidenceOf = (labels: Labels): TargetEvidence | null => {
    const target = targetOf(labels);
    if (!target) return null;
    const key = targetKey(target);
    const known = found.get(key) ?? { upSinceMs: null, processStartMs: null };
    found.set(key, known);
    return known;
  };
  for (const { labels, points } of up.series) {
    const known = evidenceOf(labels);
    const first = points.find(([, value]) => value !== null);
    if (known && first) known.upSinceMs = Math.min(known.upSinceMs ?? Number.POSITIVE_INFINITY, first[0]);
  }
  for (const { labels, points } of starts.series) {
    const known = evidenceOf(labels);
    const seconds = points[0]?.[1];
    if (!known || seconds === null || seconds === undefined) continue;
    known.processStartMs = Math.min(known.processStartMs ?? Number.POSITIVE_INFINITY, seconds * 1_000);
  }
  return found;
}
