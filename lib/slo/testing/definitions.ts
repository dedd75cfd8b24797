import { annotationPrefix } from '../openslo/defaults.ts';
import type { SloDefinition } from '../schemas.ts';

/** A right definition for tests, with whatever should be different. */
export function aDefinition(more: Partial<SloDefinition> = {}): SloDefinition {
  return {
    environment: 'production',
    name: 'payment-availability',
    displayName: 'Payment availability',
    description: null,
    service: 'payment',
    owner: null,
    tier: null,
    category: 'availability',
    labels: {},
    indicator: {
      kind: 'ratio',
      counter: true,
      good: null,
      bad: 'http_requests_total{code=~"5.."}',
      total: 'http_requests_total',
    },
    measuredAt: 'caller',
    budgeting: { method: 'occurrences' },
    window: { kind: 'rolling', days: 30 },
    target: 0.999,
    gapPolicy: 'unknown',
    policy: 'default',
    runbookUrl: null,
    alerting: { tiers: null, minFailures: 10, absentPages: null },
    ...more,
  };
}

interface Sample {
  name?: string;
  service?: string;
  environment?: string;
  target?: number;
  days?: number;
  /** Label of the selectors, so that what is measured differs. */
  route?: string;
}

/** One OpenSLO v1 document. */
export function openSlo({ name, service, environment, target, days, route = '/pay' }: Sample = {}): string {
  const selector = (more: string) => `http_requests_total{route="${route}"${more}}`;
  return `apiVersion: openslo/v1
kind: SLO
metadata:
  name: ${name ?? 'payment-availability'}
  displayName: Availability of ${service ?? 'payment'}
${environment ? `  annotations:\n    ${annotationPrefix}environment: ${environment}\n` : ''}spec:
  service: ${service ?? 'payment'}
  indicator:
    metadata:
      name: ${name ?? 'payment-availability'}
    spec:
      ratioMetric:
        counter: true
        bad:
          metricSource:
            type: Prometheus
            spec:
              query: sum(${selector(', code=~"5.."')})
        total:
          metricSource:
            type: Prometheus
            spec:
              query: sum(${selector('')})
  timeWindow:
    - duration: ${days ?? 30}d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - target: ${target ?? 0.999}
`;
}
