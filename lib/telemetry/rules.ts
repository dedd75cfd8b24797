import type { CallerFigures, RedFigures, ReplicaCount, ServiceState, ServiceSummary, TimeGrid } from './schemas.ts';
import { serviceStates } from './state-rules.ts';

/** Until a service has objectives of its own, these tell failing from ok. */
export const thresholds = {
  errorRatio: 0.01,
  p95Ms: 500,
  /** How many times last week's p95 counts as slow, */
  slowdown: 1.5,
  /** as long as it is at least so much longer. */
  slowdownLeastMs: 50,
  /** Fewer failures than this within the window do not make a service failing. */
  failures: 3,
} as const;

export interface StateInput {
  kind: 'service' | 'client';
  red: RedFigures | null;
  lastWeek: RedFigures | null;
  callers: CallerFigures | null;
  replicas: ReplicaCount | null;
  windowMs: number;
  /** The figures are older than asked for, because the source does not answer. */
  isStale: boolean;
}

export interface Judgement {
  state: ServiceState;
  reasons: string[];
}

const percent = (value: number) => {
  const hundredths = value * 100;
  return `${hundredths >= 10 || hundredths === 0 ? Math.round(hundredths) : Math.round(hundredths * 10) / 10} %`;
};
const perSecond = (rate: number) => (rate >= 10 ? String(Math.round(rate)) : String(Math.round(rate * 10) / 10));
const duration = (ms: number) => (ms >= 1_000 ? `${Math.round(ms / 10) / 100} s` : `${Math.round(ms)} ms`);
const times = (factor: number) => (factor < 10 ? String(Math.round(factor * 10) / 10) : String(Math.round(factor)));

function isFailing(figures: { rate: number; errorRatio: number | null } | null, windowMs: number): boolean {
  if (!figures?.errorRatio || figures.errorRatio <= thresholds.errorRatio) return false;
  return figures.rate * figures.errorRatio * (windowMs / 1_000) >= thresholds.failures;
}

/**
 * The state of one service and why, from what it measures itself, what its callers see, and its replicas. Callers
 * count because a dead service reports nothing.
 */
export function judge({ kind, red, lastWeek, callers, replicas, windowMs, isStale }: StateInput): Judgement {
  const failing: string[] = [];
  if (isFailing(red, windowMs)) failing.push(`${percent(red?.errorRatio ?? 0)} of requests fail`);
  if (isFailing(callers, windowMs)) {
    const share = percent(callers?.errorRatio ?? 0);
    failing.push(`callers see ${share} of ${perSecond(callers?.rate ?? 0)} requests/s fail`);
  }
  if (replicas && replicas.ready === 0 && replicas.desired !== 0) failing.push('no replica is up');

  const slow: string[] = [];
  if (red && red.rate > 0 && red.p95Ms !== null) {
    if (red.p95Ms > thresholds.p95Ms) slow.push(`p95 is ${duration(red.p95Ms)}, over ${duration(thresholds.p95Ms)}`);
    const before = lastWeek?.p95Ms ?? null;
    if (
      before !== null &&
      red.p95Ms >= before * thresholds.slowdown &&
      red.p95Ms - before >= thresholds.slowdownLeastMs
    ) {
      slow.push(`p95 is ×${times(red.p95Ms / before)} of last week's ${duration(before)}`);
    }
  }

  const notes: string[] = [];
  if (replicas?.desired && replicas.ready > 0 && replicas.ready < replicas.desired) {
    notes.push(`${replicas.ready} of ${replicas.desired} replicas are up`);
  }
  if (replicas?.restartsLastHour) {
    const count = Math.round(replicas.restartsLastHour);
    if (count > 0) notes.push(`${count} ${count === 1 ? 'restart' : 'restarts'} in the last hour`);
  }

  const reasons = [...failing, ...slow, ...notes];
  if (isStale) return { state: 'stale', reasons: ['the source does not answer', ...reasons] };
  if (failing.length > 0) return { state: 'failing', reasons };
  if (slow.length > 0) return { state: 'slow', reasons };
  if (kind === 'client') {
    if (replicas) return { state: 'ok', reasons };
    return { state: 'no_data', reasons: ['nothing reports for it', ...notes] };
  }
  if (red && red.rate > 0) return { state: 'ok', reasons };
  if (red) return { state: 'no_traffic', reasons };
  if (callers && callers.rate > 0) return { state: 'no_data', reasons: ['only its callers report for it', ...notes] };
  return { state: 'no_data', reasons: ['nothing reports for it', ...notes] };
}

/** The worst first: by state, then by failures per second, missing replicas, slowness, tier and name. */
export function byWhatHurts(a: ServiceSummary, b: ServiceSummary): number {
  const failures = ({ red, callers }: ServiceSummary) =>
    Math.max((red?.rate ?? 0) * (red?.errorRatio ?? 0), (callers?.rate ?? 0) * (callers?.errorRatio ?? 0));
  const hurts = (s: ServiceSummary) => s.state === 'failing' || s.state === 'stale';
  const missing = ({ replicas }: ServiceSummary) => Math.max(0, (replicas?.desired ?? 0) - (replicas?.ready ?? 0));
  const slowdown = ({ red }: ServiceSummary) => (red?.p95Ms ?? 0) / (red?.lastWeek?.p95Ms || red?.p95Ms || 1);
  return (
    serviceStates.indexOf(a.state) - serviceStates.indexOf(b.state) ||
    (hurts(a) && hurts(b) ? failures(b) - failures(a) : 0) ||
    missing(b) - missing(a) ||
    (a.state === 'slow' ? slowdown(b) - slowdown(a) : 0) ||
    Number(a.kind === 'client') - Number(b.kind === 'client') ||
    (a.tier ?? 9) - (b.tier ?? 9) ||
    (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
  );
}

export interface Bucket {
  /** The upper bound, `le`. */
  bound: number;
  /** Observations up to the bound, as a count or a rate. */
  count: number;
}

/**
 * A quantile of a classic histogram in the unit of its bounds, as Prometheus's `histogram_quantile` computes it
 * (promql/quantile.go, bucketQuantile). `null` without observations or without an infinite bucket.
 */
export function histogramQuantile(quantile: number, buckets: readonly Bucket[]): number | null {
  const sorted = [...buckets].sort((a, b) => a.bound - b.bound);
  const last = sorted.at(-1);
  if (!last || last.bound !== Number.POSITIVE_INFINITY || sorted.length < 2) return null;
  let highest = 0;
  const monotonic = sorted.map(({ bound, count }) => {
    highest = Math.max(highest, count);
    return { bound, count: highest };
  });
  const observations = highest;
  if (!(observations > 0)) return null;
  let rank = quantile * observations;
  const found = monotonic.slice(0, -1).findIndex(({ count }) => count >= rank);
  if (found === -1) return (monotonic.at(-2) as Bucket).bound;
  const bucket = monotonic[found] as Bucket;
  const below = monotonic[found - 1];
  if (!below && bucket.bound <= 0) return bucket.bound;
  rank -= below?.count ?? 0;
  const start = below?.bound ?? 0;
  const within = bucket.count - (below?.count ?? 0);
  return within > 0 ? start + (bucket.bound - start) * (rank / within) : start;
}

/** The instant of each value on a grid, in milliseconds. */
export function gridTimesMs({ from, to, stepMs }: TimeGrid): number[] {
  const start = Date.parse(from);
  const count = Math.floor((Date.parse(to) - start) / stepMs) + 1;
  return Array.from({ length: count }, (_, i) => start + i * stepMs);
}

/** Values with their instants, as charts take them. */
export function pointsOf(grid: TimeGrid, values: readonly (number | null)[]): [atMs: number, value: number | null][] {
  const start = Date.parse(grid.from);
  return values.map((value, i) => [start + i * grid.stepMs, value]);
}
