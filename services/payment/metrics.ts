import { Counter, Gauge, Histogram } from 'prom-client';
import { incidentKindSchema } from '#contracts/payment.ts';
import type { Metrics } from '#kit/metrics.ts';

export interface PaymentMetricsSources {
  readonly queueState: () => Promise<{ depth: number; oldestAgeSeconds: number }>;
  readonly activeIncidents: () => readonly string[];
}

/** Business metrics of payments: what was charged, what waits, and what is being simulated. */
export function paymentMetrics(metrics: Metrics, sources: PaymentMetricsSources) {
  const registers = [metrics];
  const charges = new Counter({
    name: 'payment_charges_total',
    help: 'Charges by their final result.',
    labelNames: ['result'],
    registers,
  });
  const amount = new Counter({
    name: 'payment_charged_minor_units_total',
    help: 'Money that was taken, in minor units of its currency.',
    labelNames: ['currency'],
    registers,
  });
  const provider = new Counter({
    name: 'payment_provider_requests_total',
    help: 'Calls to the card processor by operation and result.',
    labelNames: ['operation', 'result'],
    registers,
  });
  for (const result of ['succeeded', 'declined', 'cancelled', 'refunded']) charges.inc({ result }, 0);
  for (const operation of ['capture', 'void']) {
    for (const result of ['ok', 'error']) provider.inc({ operation, result }, 0);
  }
  amount.inc({ currency: 'EUR' }, 0);

  const queue = once(sources.queueState);
  new Gauge({
    name: 'payment_queue_depth',
    help: 'Charges that wait to be settled.',
    registers,
    async collect() {
      const state = await queue();
      if (state) this.set(state.depth);
    },
  });
  new Gauge({
    name: 'payment_queue_oldest_age_seconds',
    help: 'How long the oldest charge has waited.',
    registers,
    async collect() {
      const state = await queue();
      if (state) this.set(state.oldestAgeSeconds);
    },
  });
  new Gauge({
    name: 'payment_incident_active',
    help: 'Whether an incident of this kind is being simulated (1) or not (0).',
    labelNames: ['kind'],
    registers,
    collect() {
      const active = sources.activeIncidents();
      for (const kind of incidentKindSchema.options) this.set({ kind }, active.includes(kind) ? 1 : 0);
    },
  });
  return {
    charges,
    amount,
    provider,
    settlement: new Histogram({
      name: 'payment_settlement_duration_seconds',
      help: 'Time from taking a charge to its final result, in seconds.',
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
      registers,
    }),
  };
}

export type PaymentMetrics = ReturnType<typeof paymentMetrics>;

// Two gauges of one scrape share one query; a database that is away leaves both at what they last were.
function once<T>(read: () => Promise<T>): () => Promise<T | undefined> {
  let reading: Promise<T | undefined> | undefined;
  return () => {
    reading ??= read()
      .catch(() => undefined)
      .finally(() => {
        reading = undefined;
      });
    return reading;
  };
}
