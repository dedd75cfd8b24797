import type { SloDefinition } from './schemas.ts';

/** What routes that take OpenSLO show as their example. */
export const openSloExample = `apiVersion: openslo/v1
kind: SLO
metadata:
  name: payment-availability
spec:
  service: payment
  indicator:
    metadata:
      name: payment-availability
    spec:
      ratioMetric:
        counter: true
        bad:
          metricSource:
            type: Prometheus
            spec:
              query: sum(http_server_request_duration_seconds_count{service_name="payment",http_response_status_code=~"5.."})
        total:
          metricSource:
            type: Prometheus
            spec:
              query: sum(http_server_request_duration_seconds_count{service_name="payment"})
  timeWindow:
    - duration: 30d
      isRolling: true
  budgetingMethod: Occurrences
  objectives:
    - target: 0.9995
`;

/** The same as the editor's form has it. */
export const definitionExample: SloDefinition = {
  environment: 'production',
  name: 'payment-availability',
  displayName: 'Availability of payments',
  description: null,
  service: 'payment',
  owner: null,
  tier: 1,
  category: 'availability',
  labels: {},
  indicator: {
    kind: 'ratio',
    counter: true,
    good: null,
    bad: 'sum(http_server_request_duration_seconds_count{service_name="payment",http_response_status_code=~"5.."})',
    total: 'sum(http_server_request_duration_seconds_count{service_name="payment"})',
  },
  measuredAt: 'service',
  budgeting: { method: 'occurrences' },
  window: { kind: 'rolling', days: 30 },
  target: 0.9995,
  gapPolicy: 'unknown',
  policy: 'default',
  runbookUrl: null,
  alerting: { tiers: null, minFailures: 10, absentPages: null },
};
