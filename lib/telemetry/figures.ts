import {
  pickSource,
  type RedSource,
  type Series,
  serviceLabel,
  sourceLabel,
  statLabel,
} from '#lib/adapters/prometheus/index.ts';
import { figure } from './provenance.ts';
import { type Bucket, histogramQuantile } from './rules.ts';
import type { CallerFigures, RedFigures } from './schemas.ts';

/** What one source says of one service, as it came. */
export interface RawFigures {
  rate: number;
  errors: number;
  buckets: Bucket[];
  /** From the engine, where durations are native histograms; in seconds. */
  quantiles: Partial<Record<'p50' | 'p95' | 'p99', number>>;
}

export type RawByService = Map<string, Map<string, RawFigures>>;

const bound = (le: string) => (le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le));

/** Reads the answer of `redNow`: figures by service and source. `keyOf` groups by more than the service. */
export function readFigures(
  series: readonly Series[],
  keyOf: (labels: Series['labels']) => string | undefined = (labels) => labels[serviceLabel],
): RawByService {
  const all: RawByService = new Map();
  for (const { labels, points } of series) {
    const key = keyOf(labels);
    const source = labels[sourceLabel] ?? '';
    const value = points.at(-1)?.[1];
    if (!key || value === null || value === undefined || Number.isNaN(value)) continue;
    const bySource = all.get(key) ?? new Map<string, RawFigures>();
    all.set(key, bySource);
    const raw = bySource.get(source) ?? { rate: 0, errors: 0, buckets: [], quantiles: {} };
    bySource.set(source, raw);
    const stat = labels[statLabel];
    if (stat === 'rate') raw.rate += value;
    else if (stat === 'errors') raw.errors += value;
    else if (stat === 'bucket') raw.buckets.push({ bound: bound(labels.le ?? ''), count: value });
    else if (stat === 'p50' || stat === 'p95' || stat === 'p99') raw.quantiles[stat] = value;
  }
  return all;
}

export function errorRatioOf(errors: number, rate: number): number | null {
  return rate > 0 ? figure(Math.min(1, Math.max(0, errors / rate))) : null;
}

/** Figures in our units. */
export function toFigures(raw: RawFigures, secondsPerUnit: number): RedFigures {
  const inMs = (name: 'p50' | 'p95' | 'p99', quantile: number) => {
    const seconds = raw.quantiles[name];
    if (seconds !== undefined) return figure(seconds * 1_000);
    const units = histogramQuantile(quantile, raw.buckets);
    return units === null ? null : figure(units * secondsPerUnit * 1_000);
  };
  return {
    rate: figure(raw.rate) ?? 0,
    errorRatio: errorRatioOf(raw.errors, raw.rate),
    p50Ms: inMs('p50', 0.5),
    p95Ms: inMs('p95', 0.95),
    p99Ms: inMs('p99', 0.99),
  };
}

const onlySide = (found: Map<string, RawFigures> | undefined, sources: readonly RedSource[], side: RedSource['side']) =>
  new Map([...(found ?? [])].filter(([id]) => sources.some((source) => source.id === id && source.side === side)));

/** The figures that a service reports itself, from the one source that is chosen for it. */
export function serverFigures(
  found: Map<string, RawFigures> | undefined,
  sources: readonly RedSource[],
): { source: RedSource; figures: RedFigures } | null {
  const picked = pickSource(onlySide(found, sources, 'server'));
  const source = picked && sources.find(({ id }) => id === picked[0]);
  if (!picked || !source) return null;
  return { source, figures: toFigures(picked[1], source.duration?.secondsPerUnit ?? 1) };
}

/** The figures of one source, e.g. the same source a week ago. */
export function figuresOf(found: Map<string, RawFigures> | undefined, source: RedSource): RedFigures | null {
  const raw = found?.get(source.id);
  return raw ? toFigures(raw, source.duration?.secondsPerUnit ?? 1) : null;
}

/** What callers see of a service. */
export function callerFigures(
  found: Map<string, RawFigures> | undefined,
  sources: readonly RedSource[],
): CallerFigures | null {
  const picked = pickSource(onlySide(found, sources, 'caller'));
  if (!picked) return null;
  const [, { rate, errors }] = picked;
  return { rate: figure(rate) ?? 0, errorRatio: errorRatioOf(errors, rate) };
}
