import { thresholds } from '#lib/telemetry/rules.ts';
import type { ExemplarList, Heatmap, RedRange } from '#lib/telemetry/schemas.ts';
import type { HeatmapData } from '../../charts/heatmap-model.ts';
import type { Exemplar, Series, SeriesColor, Threshold } from '../../charts/types.ts';
import { formatPercent } from '../../charts/units.ts';

type Values = readonly (number | null)[];

/** The newest value that there is; null where there is none. */
export function lastOf(values: Values): number | null {
  for (let i = values.length - 1; i >= 0; i--)
    if (values[i] !== null && values[i] !== undefined) return values[i] as number;
  return null;
}

/** When the newest value was measured; `otherwise` where there is none. */
export function lastTimeOf(times: readonly number[], values: Values, otherwise: number): number {
  for (let i = values.length - 1; i >= 0; i--) if (values[i] !== null) return times[i] ?? otherwise;
  return otherwise;
}

export const hasValues = (values: Values): boolean => values.some((value) => value !== null);
export const hasTraffic = (red: Pick<RedRange, 'rate'>): boolean =>
  red.rate.some((value) => value !== null && value > 0);

const highest = (values: Values) => values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
const inSeconds = (values: Values) => values.map((value) => (value === null ? null : value / 1000));

/** Requests per second, with last week behind it where there is a history. */
export function rateSeries(red: Pick<RedRange, 'rate' | 'rateLastWeek'>): Series[] {
  const before = red.rateLastWeek;
  return [
    { key: 'now', label: 'now', values: red.rate, color: 's1', shape: 'area' },
    ...(before && hasValues(before)
      ? [{ key: 'week', label: 'last week', values: before, color: 's5' as const, dashed: true }]
      : []),
  ];
}

const countedColors: SeriesColor[] = ['s1', 's2', 's4', 's6', 's5'];
/** More statuses than there are colours are drawn as one. */
const mostCounted = 4;

const sum = (rows: Values[], length: number): (number | null)[] =>
  Array.from({ length }, (_, i) => {
    const present = rows.map((row) => row[i]).filter((value): value is number => typeof value === 'number');
    return present.length === 0 ? null : present.reduce((all, value) => all + value, 0);
  });

const statusWord = (status: string) => (status === 'none' ? 'no status' : status);

/** Failures by status as stacks, and beside them, dashed, what the clients themselves did wrong. */
export function errorSeries(red: Pick<RedRange, 'errorRatio' | 'errorsByStatus'>): Series[] {
  const counted = red.errorsByStatus.filter((one) => one.counted);
  const own = red.errorsByStatus.filter((one) => !one.counted);
  const length = red.errorRatio.length;
  const kept = counted.length > mostCounted + 1 ? counted.slice(0, mostCounted) : counted;
  const rest = counted.slice(kept.length);
  const stacks = [
    ...kept.map(({ status, ratio }) => ({ key: status, label: statusWord(status), values: ratio })),
    ...(rest.length > 0
      ? [
          {
            key: 'others',
            label: `${rest.length} others`,
            values: sum(
              rest.map(({ ratio }) => ratio),
              length,
            ),
          },
        ]
      : []),
  ];
  const failures: Series[] =
    stacks.length > 0
      ? stacks.map((one, i) => ({
          ...one,
          color: countedColors[i],
          shape: 'stack',
          legend: `${one.label} ${formatPercent(lastOf(one.values))}`,
        }))
      : [{ key: 'errors', label: 'failed', values: red.errorRatio, color: 's1', shape: 'area' }];
  if (own.length === 0) return failures;
  const clients = sum(
    own.map(({ ratio }) => ratio),
    length,
  );
  const dashed: Series = {
    key: '4xx',
    label: '4xx',
    values: clients,
    color: 's3',
    dashed: true,
    legend: `4xx ${formatPercent(lastOf(clients))}, not counted`,
  };
  return [...failures, dashed];
}

/** Percentiles in seconds. */
export function durationSeries(red: Pick<RedRange, 'p50Ms' | 'p95Ms' | 'p99Ms'>): Series[] {
  return [
    { key: 'p50', label: 'p50', values: inSeconds(red.p50Ms), color: 's3' },
    { key: 'p95', label: 'p95', values: inSeconds(red.p95Ms), color: 's2' },
    { key: 'p99', label: 'p99', values: inSeconds(red.p99Ms), color: 's1' },
  ];
}

export const errorThreshold: Threshold = {
  value: thresholds.errorRatio,
  label: `failing above ${formatPercent(thresholds.errorRatio)}`,
};

/** The limit above which a service is slow; left out where all is so quick that it would flatten the chart. */
export function durationThreshold(red: Pick<RedRange, 'p99Ms'>): Threshold | undefined {
  const limit = thresholds.p95Ms;
  return highest(red.p99Ms) >= limit * 0.6 ? { value: limit / 1000, label: `p95 slow above ${limit} ms` } : undefined;
}

/** Measured requests at their own height, and how high the axis must at least reach to show most of them. */
export function exemplarDots(
  list: ExemplarList | undefined,
  red: Pick<RedRange, 'p99Ms'>,
): { dots: Exemplar[]; floor: number } {
  const dots = (list?.items ?? []).map(
    ({ traceId, spanId, at, durationMs, route, status, instance }): Exemplar => ({
      time: Date.parse(at),
      value: durationMs / 1000,
      traceId,
      ...(spanId === null ? {} : { spanId }),
      labels: Object.fromEntries(
        Object.entries({ route, status, instance }).filter((entry): entry is [string, string] => entry[1] !== null),
      ),
    }),
  );
  const slowest = dots.reduce((most, { value }) => Math.max(most, value), 0);
  // One request that hung must not press all others flat.
  return { dots, floor: Math.min(slowest, (highest(red.p99Ms) / 1000) * 1.5) };
}

/** The histogram as the heat map takes it: a row for each bucket, in seconds. */
export function heatmapData(map: Heatmap, times: readonly number[]): HeatmapData {
  return {
    times,
    bounds: map.boundsMs.map((bound) => (bound === null ? Number.POSITIVE_INFINITY : bound / 1000)),
    counts: map.boundsMs.map((_, row) => map.columns.map((column) => column?.[row] ?? null)),
  };
}

/** So many steps in a row must differ: one late scrape is no difference. */
const leastSteps = 3;

/**
 * Whether what callers measure says something that the service itself does not: it is silent, or they see clearly more
 * failures.
 */
export function callersDiffer(red: Pick<RedRange, 'rate' | 'errorRatio' | 'callers'>): 'silent' | 'worse' | null {
  const { callers, rate, errorRatio } = red;
  if (!callers?.rate.some((value) => value !== null && value > 0)) return null;
  const called = (i: number) => (callers.rate[i] ?? 0) > 0;
  const last = rate.length - leastSteps;
  if (!hasValues(rate) || rate.every((value, i) => i < last || (value === null && called(i)))) return 'silent';
  let worse = 0;
  for (let i = 0; i < rate.length; i++) {
    const seen = callers.errorRatio[i] ?? 0;
    worse = seen > thresholds.errorRatio && seen > (errorRatio[i] ?? 0) * 2 ? worse + 1 : 0;
    if (worse >= leastSteps) return 'worse';
  }
  return null;
}
