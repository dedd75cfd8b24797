import { expect, it } from 'vitest';
import { rangeOf } from './chart-range.ts';

const at = (text: string) => Date.parse(`2026-11-21T${text}:00Z`);
const startsAt = '2026-11-21T12:00:20Z';

it('begins half an hour before the alert and goes on to now while it fires', () => {
  expect(rangeOf({ startsAt, resolvedAt: null }, at('14:30'))).toEqual({ fromMs: at('11:30'), toMs: at('14:30') });
});

it('is an hour at least and a week at most', () => {
  const { fromMs, toMs } = rangeOf({ startsAt, resolvedAt: null }, at('12:05'));
  expect(toMs - fromMs).toBe(3_600_000);
  const old = rangeOf({ startsAt: '2026-01-01T00:00:00Z', resolvedAt: null }, at('12:00'));
  expect(old.toMs - old.fromMs).toBe(7 * 86_400_000);
});

it('ends half an hour after the alert did, and never later than now', () => {
  const resolvedAt = '2026-11-21T13:00:00Z';
  expect(rangeOf({ startsAt, resolvedAt }, at('20:00')).toMs).toBe(at('13:30'));
  expect(rangeOf({ startsAt, resolvedAt }, at('13:10')).toMs).toBe(at('13:10'));
});
