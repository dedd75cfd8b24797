import { expect, test } from 'vitest';
import { exactTime, formatLineTime, spansDays } from './log-time.ts';

const ns = String(BigInt(Date.UTC(2026, 10, 21, 14, 30, 5, 7)) * 1_000_000n + 120_034n);

test('a line has its milliseconds, and its day where it is needed', () => {
  expect(formatLineTime(ns, 'utc', false)).toBe('14:30:05.007');
  expect(formatLineTime(ns, 'utc', true)).toBe('21 Nov 14:30:05.007');
});

test.each([
  [ns, '2026-11-21T14:30:05.007120034Z'],
  [String(BigInt(ns) - 34n), '2026-11-21T14:30:05.007120Z'],
  ['1795264377301000000', '2026-11-21T12:32:57.301Z'],
  ['0', '1970-01-01T00:00:00.000Z'],
  ['7258118400000000000', '2200-01-01T00:00:00.000Z'],
  ['99999999999999999999999', '99999999999999999999999'],
])('%s is exactly %s', (time, text) => expect(exactTime(time)).toBe(text));

test('a range over midnight spans days', () => {
  const midnight = Date.UTC(2026, 10, 21);
  expect([spansDays(midnight - 1, midnight, 'utc'), spansDays(midnight, midnight + 3_600_000, 'utc')]).toEqual([
    true,
    false,
  ]);
});
