import { Counter, Gauge, Histogram } from 'prom-client';
import { type OrderState, orderStateSchema } from '#contracts/order.ts';
import type { Metrics } from '#kit/metrics.ts';
import { FAILURE_REASONS, FINAL_STATES } from './rules.ts';

/** Business metrics of orders. */
export function orderMetrics(metrics: Metrics, countOpen: () => Promise<Map<OrderState, number>>) {
  const registers = [metrics];
  const transitions = new Counter({
    name: 'order_transitions_total',
    help: 'Orders that reached a state.',
    labelNames: ['state'],
    registers,
  });
  for (const state of orderStateSchema.options) transitions.inc({ state }, 0);
  const failures = new Counter({
    name: 'order_failures_total',
    help: 'Orders that were not completed, by reason.',
    labelNames: ['reason'],
    registers,
  });
  for (const reason of FAILURE_REASONS) failures.inc({ reason }, 0);
  const revenue = new Counter({
    name: 'order_revenue_minor_units_total',
    help: 'Value of confirmed orders, in minor units of its currency.',
    labelNames: ['currency'],
    registers,
  });
  revenue.inc({ currency: 'EUR' }, 0);
  new Gauge({
    name: 'order_open',
    help: 'Unfinished orders by state.',
    labelNames: ['state'],
    registers,
    async collect() {
      const counts = await countOpen().catch(() => undefined);
      if (!counts) return;
      for (const state of orderStateSchema.options) {
        if (!FINAL_STATES.includes(state)) this.set({ state }, counts.get(state) ?? 0);
      }
    },
  });
  return {
    transitions,
    failures,
    revenue,
    value: new Histogram({
      name: 'order_value_minor_units',
      help: 'Value of an order, in minor units of its currency.',
      buckets: [500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000],
      registers,
    }),
    completion: new Histogram({
      name: 'order_completion_duration_seconds',
      help: 'Time from placing an order to its final state, in seconds.',
      labelNames: ['state'],
      buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300],
      registers,
    }),
  };
}

export type OrderMetrics = ReturnType<typeof orderMetrics>;
