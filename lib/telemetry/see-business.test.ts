import { describe, expect, it } from 'vitest';
import { breakdown, groupMetrics, isBusiness } from './see-business.ts';
import { choose } from './see-exemplars.ts';

describe('business metrics', () => {
  it.each([
    ['orders_created_total', true],
    ['payment_amount_minor_units_total', true],
    ['product_cache_hits_total', true],
    ['http_server_request_duration_seconds_bucket', false],
    ['process_cpu_seconds_total', false],
    ['nodejs_eventloop_lag_p99_seconds', false],
    ['up', false],
    ['scrape_duration_seconds', false],
    ['istio_requests_total', false],
    ['calls_total', false],
    ['duration_milliseconds_bucket', false],
    ['updates_total', true],
  ])('%s: %s', (name, expected) => expect(isBusiness(name)).toBe(expected));

  it('are one each, however many series a histogram has', () => {
    const names = [
      'stock_level',
      'order_value_bucket',
      'order_value_sum',
      'order_value_count',
      'orders_total',
      'queue_age_seconds',
    ];
    const described = {
      orders: { type: 'counter', help: 'Orders.', unit: '' },
      order_value: { type: 'histogram', help: 'What an order is worth. ', unit: '' },
      stock_level: { type: 'gauge', help: '', unit: '' },
    };
    expect(groupMetrics(names, described)).toMatchObject([
      { name: 'orders_total', type: 'counter', unit: 'perSecond', help: 'Orders.' },
      { name: 'order_value', read: 'order_value_sum', type: 'histogram', help: 'What an order is worth.' },
      { name: 'stock_level', type: 'gauge', unit: 'count', help: null },
      { name: 'queue_age_seconds', type: 'unknown', unit: 'seconds' },
    ]);
  });

  it.each([
    [
      'by what happened',
      [
        { status: 'ok', currency: 'EUR' },
        { status: 'declined', currency: 'USD' },
      ],
      'status',
    ],
    [
      'not by who reports',
      [
        { instance: 'a', service_version: '1' },
        { instance: 'b', service_version: '2' },
      ],
      null,
    ],
    ['not by what has too many values', Array.from({ length: 20 }, (_, i) => ({ customer: String(i) })), null],
    [
      'by what differs rather than by what is always the same',
      [
        { status: 'ok', shop: 'a' },
        { status: 'ok', shop: 'b' },
      ],
      'shop',
    ],
    ['by what is always the same, where nothing differs', [{ status: 'ok' }], 'status'],
  ] as const)('are told apart %s', (_, series, label) => {
    expect(breakdown(series as unknown as Parameters<typeof breakdown>[0])).toBe(label);
  });
});

it('chooses the slowest exemplars of each moment, each trace once', () => {
  const at = (ms: number, durationMs: number, traceId = `${ms}-${durationMs}`) =>
    ({ at: new Date(ms).toISOString(), durationMs, traceId }) as Parameters<typeof choose>[0][number];
  const range = { fromMs: 0, toMs: 40_000 };
  const chosen = choose([at(100, 5), at(200, 9, 'slow'), at(300, 7), at(5_000, 1), at(9_000, 3, 'slow')], range);
  expect(chosen.map(({ durationMs }) => durationMs)).toEqual([9, 7, 1]);
});
