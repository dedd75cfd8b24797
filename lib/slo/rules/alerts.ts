import { isReachable, recordedMetric, tiersOf, windowName } from '../burn-rules.ts';
import { type CompiledIndicator, compileIndicator } from '../indicator.ts';
import type { BurnTier, SloDefinition } from '../schemas.ts';
import type { StoredSlo } from '../store.ts';
import { bucketMs, dayMs } from '../window-rules.ts';
import type { AlertingRule, RuleOptions } from './model.ts';
import { intervalOf, type Pace, paceOfTier, windowsByPace } from './pace.ts';
import { identityOf, recorded } from './recordings.ts';
import { budgetWords, literal, percent, spentWords, title } from './words.ts';

/**
 * How long data is missing before that is told. Prometheus remembers across a restart only waits that are no shorter
 * than its `--rules.alert.for-grace-period`, 10 minutes; and a restart itself leaves no shorter hole than that unnoticed.
 */
const absentFor = '10m';

type Identity = Record<string, string>;

/** Its labels in the rule as well, although the series have them: so no two rules are alike but in their expression. */
const labelsOf = (identity: Identity) =>
  Object.fromEntries(Object.entries(identity).map(([label, value]) => [label, literal(value)]));

/** The alerts of an SLO at a pace. */
export function alertsOf(
  slo: StoredSlo,
  indicator: CompiledIndicator,
  pace: Pace,
  options: RuleOptions,
): AlertingRule[] {
  const { definition } = slo;
  const identity = identityOf(slo, options.environmentLabel);
  const tiers = firingTiers(definition);
  const alerts = tiers
    .filter(({ longMs }) => paceOfTier(longMs) === pace)
    .map((tier) => burnRate(slo, tier, identity, options));
  if (pace === 'medium') alerts.push(dataAbsent(slo, indicator, identity, options));
  if (pace === 'slow') alerts.push(...errorsAtLowTraffic(slo, tiers, identity, options));
  return alerts;
}

/** The tiers that can fire at all. */
export function firingTiers(definition: SloDefinition): BurnTier[] {
  return tiersOf(definition).filter((tier) => isReachable(tier, definition.target));
}

/** bad / total, which is nothing where total is nothing, and never a number where total is 0. */
function ratio(windowMs: number, identity: Identity): string {
  const [bad, total] = [recordedMetric('bad', windowMs), recordedMetric('total', windowMs)];
  return `${recorded(bad, identity)} / (${recorded(total, identity)} > 0)`;
}

const failures = (windowMs: number, identity: Identity) =>
  `${recorded(recordedMetric('bad', windowMs), identity)} * ${windowMs / 1_000}`;

const allOf = (...conditions: string[]) => conditions.join('\nand\n');

function burnRate(slo: StoredSlo, tier: BurnTier, identity: Identity, options: RuleOptions): AlertingRule {
  const { definition } = slo;
  const { target, alerting } = definition;
  const threshold = `${tier.factor} * (1 - ${target})`;
  const guard = alerting.minFailures > 0 ? [`${failures(tier.longMs, identity)} >= ${alerting.minFailures}`] : [];
  const [long, short] = [windowName(tier.longMs), windowName(tier.shortMs)];
  return {
    alert: 'SLOBurnRate',
    expr: allOf(
      `${ratio(tier.longMs, identity)} > ${threshold}`,
      `${ratio(tier.shortMs, identity)} > ${threshold}`,
      ...guard,
    ),
    labels: { ...labelsOf(identity), severity: tier.severity, long_window: long, short_window: short },
    annotations: {
      summary: `${title(definition)}: ${spentWords(definition, tier, options.environmentLabel)}`,
      description:
        `{{ $value | humanizePercentage }} of all events were bad in the last ${long}. Both that and the last ${short} ` +
        `are above ${percent(tier.factor * (1 - target))}, ${tier.factor} times the pace that an objective of ` +
        `${percent(target)} allows.${said(definition)}`,
      ...links(slo, options),
    },
  };
}

/**
 * What the minimum of failures hides: over the slowest tier's window the budget is overspent, by fewer failures than
 * the burn-rate alerts ask for.
 */
function errorsAtLowTraffic(
  slo: StoredSlo,
  tiers: readonly BurnTier[],
  identity: Identity,
  options: RuleOptions,
): AlertingRule[] {
  const { definition } = slo;
  const { target, alerting } = definition;
  const slowest = [...tiers].sort((a, b) => a.longMs - b.longMs || b.factor - a.factor).at(-1);
  if (!slowest || alerting.minFailures <= 1) return [];
  const threshold = `${slowest.factor} * (1 - ${target})`;
  const shortMs = recoveryMs(definition, slowest);
  const [long, short] = [windowName(slowest.longMs), windowName(shortMs)];
  // Rates are extrapolated to the edges of their window: a single failure may look like a little less than one.
  const some = `${failures(slowest.longMs, identity)} > 0.5`;
  const few = `${failures(slowest.longMs, identity)} < ${alerting.minFailures}`;
  return [
    {
      alert: 'SLOErrorsAtLowTraffic',
      expr: allOf(
        some,
        few,
        `${ratio(slowest.longMs, identity)} > ${threshold}`,
        `${ratio(shortMs, identity)} > ${threshold}`,
      ),
      labels: { ...labelsOf(identity), severity: 'ticket', long_window: long, short_window: short },
      annotations: {
        summary:
          `${title(definition)}: ${spentWords(definition, slowest, options.environmentLabel)} ` +
          `Traffic is low: about {{ $value | printf "%.0f" }} bad events are fewer than the ${alerting.minFailures} that its other alerts ask for.`,
        description: `The ${budgetWords(definition.window)} goes faster than an objective of ${percent(target)} allows over ${long}, with so little traffic that no burn-rate alert fires.${said(definition)}`,
        ...links(slo, options),
      },
    },
  ];
}

/** With little traffic a short window is mostly empty: the longest recorded one of at most a third of the long one. */
function recoveryMs(definition: SloDefinition, { longMs, shortMs }: BurnTier): number {
  const windows = Object.values(windowsByPace(definition)).flat();
  return Math.max(shortMs, ...windows.filter((windowMs) => windowMs * 3 <= longMs && windowMs <= dayMs));
}

function dataAbsent(
  slo: StoredSlo,
  indicator: CompiledIndicator,
  identity: Identity,
  options: RuleOptions,
): AlertingRule {
  const { definition } = slo;
  const known = options.serviceOf?.(slo.environment, slo.service);
  const pages = definition.alerting.absentPages ?? (definition.tier ?? known?.tier ?? null) === 1;
  return {
    alert: 'SLODataAbsent',
    expr: absence(definition, indicator, identity, options),
    for: absentFor,
    labels: { ...labelsOf(identity), severity: pages ? 'page' : 'ticket' },
    annotations: {
      summary: `${title(definition)}: there is no data, so neither its budget nor its burn is known.`,
      description: `Nothing was measured for ${absentFor}: the service or what counts its requests is gone, the metric has another name, or the label that tells bad events apart has.${said(definition)}`,
      ...links(slo, options),
    },
  };
}

/** A slice without traffic is no event and no fault: there, what slices are made of is looked at instead. */
function absence(definition: SloDefinition, { kind }: CompiledIndicator, identity: Identity, { source }: RuleOptions) {
  const bothOf = (expression: (which: 'bad' | 'total') => string) =>
    (['total', 'bad'] as const).map((which) => `absent(${expression(which)})`).join('\nor\n');
  if (kind !== 'slices') {
    return bothOf((which) => recorded(recordedMetric(which, bucketMs), identity));
  }
  const events = compileIndicator({ ...definition, budgeting: { method: 'occurrences' } }, source);
  return bothOf((which) => events[`${which}Rate`](bucketMs));
}

/** What its owner says of it. */
const said = ({ description }: SloDefinition) => (description ? ` ${literal(description.trim())}` : '');

function links({ name, environment, service, definition }: StoredSlo, options: RuleOptions) {
  const page = `${options.publicUrl.replace(/\/+$/, '')}/slos/${encodeURIComponent(name)}?env=${encodeURIComponent(environment)}`;
  const runbook = definition.runbookUrl ?? options.serviceOf?.(environment, service)?.runbookUrl;
  return { slo_url: literal(page), runbook_url: literal(runbook ?? `${page}&tab=alerts`) };
}

/** Fires always: where it does not arrive, no other alert would. */
export function watchdog(options: RuleOptions): AlertingRule {
  return {
    alert: 'Watchdog',
    expr: 'vector(1)',
    labels: { severity: 'none' },
    annotations: {
      summary: 'This alert always fires. Where it is missing, alerts do not get through.',
      description: `It is evaluated every ${intervalOf('fast', options.scrapeIntervalMs) / 1_000} s. Route it to a dead-man switch outside.`,
      slo_url: literal(`${options.publicUrl.replace(/\/+$/, '')}/alerts`),
    },
  };
}
