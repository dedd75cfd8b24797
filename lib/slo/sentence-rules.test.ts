import { expect, it } from 'vitest';
import { budgetOf, count, length, past, percent, times, when } from './sentence-rules.ts';
import { dayMs, hourMs, minuteMs } from './window-rules.ts';

it.each([
  [0.052, '5.2 %'],
  [0.25, '25 %'],
  [1, '100 %'],
  [0, '0 %'],
  [0.0004, '0.04 %'],
  [0.00001, 'less than 0.01 %'],
  [-0.2, '-20 %'],
  [242.036, '24,204 %'],
])('writes %d as %s', (share, text) => {
  expect(percent(share)).toBe(text);
});

it.each([
  [124.4, '124×'],
  [57, '57×'],
  [14.4, '14.4×'],
  [9.66, '9.7×'],
  [0.99, '0.99×'],
  [0, '0×'],
  [1_234.5, '1,235×'],
])('writes a burn of %d as %s', (burn, text) => {
  expect(times(burn)).toBe(text);
});

it('writes lengths by their largest unit', () => {
  expect([30_000, 5 * minuteMs, 90 * minuteMs, 349.4 * minuteMs, 6 * hourMs, 3 * dayMs].map(length)).toEqual([
    '30 s',
    '5 min',
    '90 min',
    '5 h 49 min',
    '6 h',
    '3 d',
  ]);
  expect([hourMs, dayMs, 6 * hourMs].map(past)).toEqual(['the last hour', 'the last day', 'the last 6 h']);
});

it('writes instants as people say them', () => {
  const now = Date.parse('2026-11-21T14:30:00Z');
  const said = (text: string) => when(Date.parse(text), now);
  expect(said('2026-11-21T16:42:10Z')).toBe('at 16:42 UTC');
  expect(said('2026-11-26T14:00:00Z')).toBe('on Thursday 14:00 UTC');
  expect(said('2026-11-20T23:59:00Z')).toBe('on Friday 23:59 UTC');
  expect(said('2026-12-03T14:00:00Z')).toBe('on 3 December');
  expect(said('2027-01-03T14:00:00Z')).toBe('on 3 January 2027');
});

it('names events and budgets', () => {
  expect(count(79_000.4)).toBe('79,000');
  expect(budgetOf({ kind: 'rolling', days: 28 })).toBe('28-day budget');
  expect(budgetOf({ kind: 'calendar', unit: 'quarter', timeZone: 'UTC' })).toBe('budget of this quarter');
});
