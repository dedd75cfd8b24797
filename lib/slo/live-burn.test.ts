import { expect, it } from 'vitest';
import type { Series } from '#lib/adapters/prometheus/index.ts';
import { alertOf, read, windowMsOf } from './live-burn.ts';
import { hourMs, minuteMs } from './window-rules.ts';

const series = (labels: Record<string, string>, value: number | null): Series => ({ labels, points: [[0, value]] });
const rate = (slo: string, which: string, window: string, value: number | null) =>
  series({ __name__: `slo:sli_${which}:rate${window}`, slo, service: 'payment' }, value);
const alert = { alertname: 'SLOBurnRate', slo: 'a', severity: 'page', long_window: '1h', short_window: '5m' };

it('reads rates by SLO and window', () => {
  const slos = read([
    rate('a', 'bad', '5m', 0.5),
    rate('a', 'total', '5m', 10),
    rate('a', 'bad', '1h', 12),
    rate('a', 'total', '1h', 10),
    rate('b', 'total', '5m', 3),
    rate('b', 'bad', '5m', null),
    rate('c', 'bad', '5m', Number.NaN),
    rate('c', 'total', '5m', 3),
    series({ __name__: 'slo:sli_total:rate5m' }, 3),
  ]);
  expect(slos.get('a')?.rates).toEqual(
    new Map([
      [5 * minuteMs, { bad: 0.5, total: 10 }],
      // More failures than requests cannot be: a scrape between both.
      [hourMs, { bad: 10, total: 10 }],
    ]),
  );
  // No value is not zero failures.
  expect([slos.get('b'), slos.get('c')]).toEqual([undefined, undefined]);
});

it('reads what fires and since when, and not what is pending', () => {
  const slos = read([
    series({ __name__: 'ALERTS', alertstate: 'firing', ...alert }, 1),
    series({ __name__: 'ALERTS_FOR_STATE', ...alert }, 1_795_000_000),
    series({ __name__: 'ALERTS', alertstate: 'pending', ...alert, slo: 'b' }, 1),
    series({ __name__: 'ALERTS_FOR_STATE', ...alert, slo: 'b' }, 1_795_000_000),
    series({ __name__: 'ALERTS', alertstate: 'firing', alertname: 'SLODataAbsent', slo: 'c', severity: 'ticket' }, 1),
  ]);
  expect(slos.get('a')?.alerts).toEqual([
    { name: 'SLOBurnRate', severity: 'page', longWindow: '1h', shortWindow: '5m', sinceMs: 1_795_000_000_000 },
  ]);
  expect(slos.get('b')).toBeUndefined();
  expect(slos.get('c')?.alerts).toMatchObject([{ longWindow: null, sinceMs: null }]);
  const tier = { severity: 'page', longMs: hourMs, shortMs: 5 * minuteMs };
  expect(alertOf(slos.get('a') ?? null, tier)).not.toBeNull();
  expect(alertOf(slos.get('a') ?? null, { ...tier, longMs: 6 * hourMs })).toBeNull();
  expect(alertOf(slos.get('c') ?? null, tier)).toBeNull();
});

it('reads windows as metric names have them', () => {
  expect(['5m', '90m', '1d', '45s', '1w', '', undefined].map(windowMsOf)).toEqual([
    300_000,
    5_400_000,
    86_400_000,
    45_000,
    null,
    null,
    null,
  ]);
});
