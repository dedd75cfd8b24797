import { Counter, Gauge } from 'prom-client';
import type { Metrics } from '#kit/metrics.ts';

/** Business metrics of the catalogue and its stock. */
export function productMetrics(metrics: Metrics, availableUnits: () => Promise<number>) {
  const registers = [metrics];
  const reservations = new Counter({
    name: 'product_reservations_total',
    help: 'Reservations of stock by what became of the request.',
    labelNames: ['result'],
    registers,
  });
  for (const result of ['held', 'renewed', 'refused', 'committed', 'released', 'expired']) {
    reservations.inc({ result }, 0);
  }
  let lastUnits = 0;
  new Gauge({
    name: 'product_stock_available_units',
    help: 'Units that can be sold, over all products.',
    registers,
    async collect() {
      lastUnits = await availableUnits().catch(() => lastUnits);
      this.set(lastUnits);
    },
  });
  return {
    reservations,
    searches: new Counter({ name: 'product_searches_total', help: 'Lists that were searched for words.', registers }),
    restockedUnits: new Counter({ name: 'product_restocked_units_total', help: 'Units bought in.', registers }),
  };
}

export type ProductMetrics = ReturnType<typeof productMetrics>;
