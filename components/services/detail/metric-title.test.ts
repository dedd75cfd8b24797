import { expect, it } from 'vitest';
import { metricTitle } from './metric-title.ts';

it.each([
  ['orders_created_total', 'Orders created'],
  ['payment_settlement_duration_seconds', 'Payment settlement duration'],
  ['job:lag_bytes', 'Job lag'],
  ['total', 'Total'],
])('writes %s as “%s”', (metric, title) => expect(metricTitle(metric)).toBe(title));
