import { Document, isScalar, Scalar, visit } from 'yaml';
import type { BurnTier, Indicator, SloDefinition, TimeWindow } from '../schemas.ts';
import { annotationPrefix, defaultGapPolicy, defaultMinFailures, defaultPolicy } from './defaults.ts';
import { calendarDurations, calendarStart, shorthand } from './durations.ts';

/** An SLO as OpenSLO v1 YAML, always in the same order; `readOpenSlo` gives the same definition again. */
export function writeOpenSlo(definition: SloDefinition): string {
  const { name, displayName, description, service, labels, budgeting, alerting } = definition;
  const methods = { occurrences: 'Occurrences', timeslices: 'Timeslices', ratioTimeslices: 'RatioTimeslices' } as const;
  const document = new Document(
    {
      apiVersion: 'openslo/v1',
      kind: 'SLO',
      metadata: {
        name,
        ...(displayName === null ? {} : { displayName }),
        ...(Object.keys(labels).length === 0 ? {} : { labels }),
        annotations: annotationsOf(definition),
      },
      spec: {
        ...(description === null ? {} : { description }),
        service,
        indicator: { metadata: { name }, spec: sliOf(definition.indicator) },
        timeWindow: [windowOf(definition.window)],
        budgetingMethod: methods[budgeting.method],
        objectives: [objectiveOf(definition)],
        ...(alerting.tiers === null ? {} : { alertPolicies: alerting.tiers.map((tier) => policyOf(name, tier)) }),
      },
    },
    { aliasDuplicateObjects: false },
  );
  visit(document, {
    Scalar(_, node) {
      // A query over several lines reads as it was written.
      if (isScalar(node) && typeof node.value === 'string' && /[^\s]\n/.test(node.value))
        node.type = Scalar.BLOCK_LITERAL;
    },
  });
  return document.toString({ lineWidth: 0, singleQuote: null });
}

function annotationsOf(definition: SloDefinition): Record<string, string> {
  const { environment, owner, tier, category, measuredAt, gapPolicy, policy, runbookUrl, alerting } = definition;
  const { minFailures, absentPages } = alerting;
  const all: Record<string, string | null> = {
    environment,
    owner,
    tier: tier === null ? null : String(tier),
    category,
    'measured-at': measuredAt,
    'gap-policy': gapPolicy === defaultGapPolicy ? null : gapPolicy,
    policy: policy === defaultPolicy ? null : policy,
    runbook: runbookUrl,
    'min-failures': minFailures === defaultMinFailures(definition) ? null : String(minFailures),
    'absent-pages': absentPages === null ? null : String(absentPages),
  };
  return Object.fromEntries(
    Object.entries(all).flatMap(([key, value]) => (value === null ? [] : [[`${annotationPrefix}${key}`, value]])),
  );
}

const metric = (query: string) => ({ metricSource: { type: 'Prometheus', spec: { query } } });

function sliOf(indicator: Indicator) {
  switch (indicator.kind) {
    case 'ratio': {
      const { counter, good, bad, total } = indicator;
      const part = good === null ? { bad: metric(bad ?? '') } : { good: metric(good) };
      return { ratioMetric: { counter, ...part, total: metric(total) } };
    }
    case 'raw':
      return { ratioMetric: { rawType: indicator.type, raw: metric(indicator.query) } };
    case 'threshold':
      return { thresholdMetric: metric(indicator.query) };
  }
}

function windowOf(window: TimeWindow) {
  if (window.kind === 'rolling') return { duration: `${window.days}d`, isRolling: true };
  return {
    duration: calendarDurations[window.unit],
    isRolling: false,
    calendar: { startTime: calendarStart, timeZone: window.timeZone },
  };
}

function objectiveOf({ target, indicator, budgeting }: SloDefinition) {
  return {
    ...(indicator.kind === 'threshold' ? { op: indicator.op, value: indicator.value } : {}),
    target,
    ...(budgeting.method === 'timeslices' ? { timeSliceTarget: budgeting.sliceTarget } : {}),
    ...(budgeting.method === 'occurrences' ? {} : { timeSliceWindow: shorthand(budgeting.sliceMs) }),
  };
}

/** OpenSLO has one window and a time for which it must go on: our long and our short window. */
function policyOf(slo: string, { severity, longMs, shortMs, factor }: BurnTier) {
  const name = `${slo}-${severity}-${shorthand(longMs)}-${shorthand(shortMs)}`;
  const condition = {
    kind: 'burnrate',
    op: 'gt',
    threshold: factor,
    lookbackWindow: shorthand(longMs),
    alertAfter: shorthand(shortMs),
  };
  return {
    kind: 'AlertPolicy',
    metadata: { name },
    spec: {
      alertWhenBreaching: true,
      conditions: [{ kind: 'AlertCondition', metadata: { name }, spec: { severity, condition } }],
    },
  };
}
