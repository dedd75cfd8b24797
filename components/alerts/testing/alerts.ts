import type { Alert } from '#lib/alerts/schemas.ts';

/** An alert for tests: a page about payment that fires. */
export const alertOf = (wanted: Partial<Alert> = {}): Alert => ({
  id: wanted.fingerprint ?? '0000000000000001',
  fingerprint: '0000000000000001',
  name: 'SLOBurnRate',
  environment: 'production',
  service: 'payment',
  slo: 'payment-availability',
  severity: 'page',
  state: 'firing',
  startsAt: '2026-11-21T14:00:00.000Z',
  resolvedAt: null,
  summary: '5 % of the 30-day budget was spent in the last 6 h.',
  description: null,
  labels: {},
  annotations: {},
  runbookUrl: null,
  generatorUrl: null,
  receivers: ['quarterdeck'],
  groupKey: null,
  silencedBy: [],
  inhibitedBy: [],
  acknowledged: null,
  lastSeenAt: '2026-11-21T14:30:00.000Z',
  version: 1,
  ...wanted,
});
