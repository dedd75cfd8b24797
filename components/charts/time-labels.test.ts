import { expect, test } from 'vitest';
import { tickText, tickTextByDay, zoneTicks } from './time-labels.ts';

const minute = 60_000;
const day = 86_400_000;
const midnight = Date.UTC(2026, 10, 21);

test.each([
  [midnight + 30 * minute, 30 * minute, '00:30', '00:30'],
  [midnight, 30 * minute, '00:00', '21 Nov'],
  [midnight, 15 * minute, '00:00', '00:00'],
  [midnight + 5_000, 5_000, '00:00:05', '00:00:05'],
  [midnight, day, '21 Nov', '21 Nov'],
])('%d with ticks %d ms apart', (ms, stepMs, text, byDay) => {
  expect(tickText(ms, stepMs, 'utc')).toBe(text);
  expect(tickTextByDay(ms, stepMs, 'utc')).toBe(byDay);
});

test('ticks are at round times of the zone', () => {
  const from = midnight + 7 * minute;
  const { values, stepMs } = zoneTicks(from, from + 4 * day, 4, 'local');
  expect(stepMs).toBe(day);
  for (const value of values) expect(new Date(value).getHours()).toBe(0);
  expect(zoneTicks(from, from + 4 * day, 4, 'utc').values[0]).toBe(midnight + day);
});
