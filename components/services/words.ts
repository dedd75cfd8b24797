import { thresholds } from '#lib/telemetry/rules.ts';
import type { ReplicaCount, ServiceState, ServiceSummary } from '#lib/telemetry/schemas.ts';
import { formatNumber, formatPercent, formatValue } from '../charts/units.ts';
import type { StatusName } from '../ui/status.tsx';

/** The shape and colour of a state. */
export const statusOf: Record<ServiceState, StatusName> = {
  failing: 'failing',
  slow: 'slow',
  no_data: 'nodata',
  stale: 'late',
  no_traffic: 'idle',
  ok: 'ok',
};

/** The state as people say and filter it. */
export const stateWord: Record<ServiceState, string> = {
  failing: 'failing',
  slow: 'slow',
  no_data: 'no data',
  stale: 'stale',
  no_traffic: 'no traffic',
  ok: 'ok',
};

/** Milliseconds in the unit that reads best: `380 ms`, `1.84 s`; a dash where there is none. */
export const durationText = (ms: number | null | undefined): string =>
  formatValue(ms === null || ms === undefined ? null : ms / 1000, 'seconds');

/** A share with two decimals, so that columns line up; what is above zero is never shown as zero. */
export function shareText(ratio: number | null | undefined): string {
  if (ratio === null || ratio === undefined || !Number.isFinite(ratio)) return '–';
  if (ratio >= 1) return '100 %';
  return ratio > 0 && ratio < 0.00005 ? formatPercent(ratio) : formatPercent(ratio, 2);
}

/** Requests per second without the unit: `41.2`, `212`, `< 0.1`. */
export function rateText(rate: number | null | undefined): string {
  if (rate === null || rate === undefined || !Number.isFinite(rate)) return '–';
  if (rate > 0 && rate < 0.05) return '< 0.1';
  return formatNumber(rate, rate >= 100 ? 0 : 1);
}

/** Whether so large a share of failed requests makes a service failing. */
export const isOverErrors = (ratio: number | null | undefined): boolean =>
  ratio !== null && ratio !== undefined && ratio > thresholds.errorRatio;

export interface Comparison {
  text: string;
  /** Clearly more than last week. */
  isWorse: boolean;
}

/** A figure against the same time last week; null where there is no figure now. */
export function versusLastWeek(now: number | null, before: number | null | undefined): Comparison | null {
  if (now === null) return null;
  if (before === null || before === undefined || before <= 0) return { text: 'no history yet', isWorse: false };
  const factor = now / before;
  const isWorse = factor >= thresholds.slowdown;
  if (!isWorse && factor > 1 / thresholds.slowdown) return { text: 'as last week', isWorse };
  return { text: `×${formatNumber(factor, factor >= 9.95 ? 0 : factor >= 0.1 ? 1 : 2)} vs last week`, isWorse };
}

/** `4 / 4`; `3` where nothing says how many there should be; a dash where nothing is known. */
export function replicasText(replicas: ReplicaCount | null): string {
  if (!replicas) return '–';
  return replicas.desired === null ? String(replicas.ready) : `${replicas.ready} / ${replicas.desired}`;
}

/** Whether fewer replicas are ready than wanted. */
export const lacksReplicas = (replicas: ReplicaCount | null): boolean =>
  replicas !== null && replicas.desired !== null && replicas.ready < replicas.desired;

/** What is shown of errors and from whose counters: a silent or kinder service does not hide what its callers see. */
export function errorsSeen({ red, callers }: Pick<ServiceSummary, 'red' | 'callers'>): {
  ratio: number | null;
  by: 'service' | 'callers';
} {
  const own = red?.errorRatio ?? null;
  const seen = callers?.errorRatio ?? null;
  if (seen !== null && callers !== null && callers.rate > 0 && (own === null || (isOverErrors(seen) && seen > own * 2)))
    return { ratio: seen, by: 'callers' };
  return { ratio: own, by: 'service' };
}

/** `1.18.0`, `4.2.0 on 2 of 4 replicas`; null where no replica tells its version. */
export function versionsText(versions: ServiceSummary['versions']): string | null {
  const [first, ...others] = versions;
  if (!first) return null;
  if (others.length === 0) return first.version;
  const all = versions.reduce((sum, { replicas }) => sum + replicas, 0);
  return versions
    .slice(0, 3)
    .map(({ version, replicas }) => `${version} on ${replicas} of ${all}`)
    .join(', ')
    .concat(versions.length > 3 ? ` and ${versions.length - 3} more` : ' replicas');
}
