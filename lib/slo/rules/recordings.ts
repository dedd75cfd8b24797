import { selector } from '#lib/adapters/prometheus/index.ts';
import { nominalDays, recordedMetric, windowName } from '../burn-rules.ts';
import type { CompiledIndicator } from '../indicator.ts';
import type { StoredSlo } from '../store.ts';
import { bucketMs, dayMs, hourMs } from '../window-rules.ts';
import type { RecordingRule, RuleOptions } from './model.ts';
import { type Pace, windowsByPace } from './pace.ts';

/** Events per second over the whole window of an SLO, and how many bad ones it may hold: for the words of alerts. */
export const windowMetric = (which: 'bad' | 'total') => `slo:sli_${which}:rate_window`;
export const budgetMetric = 'slo:error_budget:events';

/** As much of an SLO as its recordings need. */
export type RecordedSlo = Pick<StoredSlo, 'id' | 'name' | 'service' | 'environment' | 'ledgerRevision' | 'definition'>;

/** The labels of everything that is recorded for an SLO. */
export function identityOf(slo: Pick<StoredSlo, 'name' | 'service' | 'environment'>, environmentLabel: string) {
  return { slo: slo.name, service: slo.service, [environmentLabel]: slo.environment };
}

/** Selects what is recorded for one SLO. */
export function recorded(metric: string, identity: Record<string, string>): string {
  return selector(
    metric,
    Object.entries(identity).map(([label, value]) => [label, '=', value] as const),
  );
}

/** What is recorded for an SLO at a pace: bad and total events per second, each over every window. */
export function recordingsOf(
  slo: RecordedSlo,
  indicator: CompiledIndicator,
  pace: Pace,
  options: RuleOptions,
): RecordingRule[] {
  const labels = identityOf(slo, options.environmentLabel);
  const rate = (which: 'bad' | 'total', windowMs: number): RecordingRule => ({
    record: recordedMetric(which, windowMs),
    expr: rateOver(slo, indicator, which, windowMs, labels, options),
    labels,
  });
  const windows = windowsByPace(slo.definition)[pace].flatMap((windowMs) => [
    rate('bad', windowMs),
    rate('total', windowMs),
  ]);
  return pace === 'slow' ? [...windows, ...wholeWindow(slo, labels)] : windows;
}

/**
 * From the counters themselves; windows of days from what was recorded of five minutes, once that is old enough, looked
 * at each minute: recordings may stand closer at one time than at another, and would weigh more there.
 */
function rateOver(
  slo: RecordedSlo,
  indicator: CompiledIndicator,
  which: 'bad' | 'total',
  windowMs: number,
  labels: Record<string, string>,
  { isRecorded }: RuleOptions,
): string {
  if (windowMs >= dayMs && isRecorded?.(slo, windowMs)) {
    return `avg_over_time(${recorded(recordedMetric(which, bucketMs), labels)}[${windowName(windowMs)}:1m])`;
  }
  return which === 'bad' ? indicator.badRate(windowMs) : indicator.totalRate(windowMs);
}

/**
 * The objective, its budget as a ratio and in events, and events per second over the SLO's own window. These come from
 * one hour out of each: hours meet without overlapping, so that every event counts once, at a hundredth of the cost.
 * Unknown hours had the usual traffic, and nothing bad.
 */
function wholeWindow({ definition }: RecordedSlo, labels: Record<string, string>): RecordingRule[] {
  const lengthMs = nominalDays(definition.window) * dayMs;
  const hourly = (which: 'bad' | 'total') => recorded(recordedMetric(which, hourMs), labels);
  const [bad, total] = [hourly('bad'), hourly('total')];
  const hours = `[${windowName(lengthMs)}:1h]`;
  const record = (name: string, expr: string): RecordingRule => ({ record: name, expr, labels });
  return [
    record('slo:objective:ratio', `vector(${definition.target})`),
    record('slo:error_budget:ratio', `vector(1 - ${definition.target})`),
    record(windowMetric('bad'), `sum_over_time(${bad}${hours}) / ${lengthMs / hourMs} or ${bad} * 0`),
    record(windowMetric('total'), `avg_over_time(${total}${hours}) or ${total}`),
    record(
      budgetMetric,
      `${recorded(windowMetric('total'), labels)} * ${lengthMs / 1_000} * (1 - ${definition.target})`,
    ),
  ];
}
