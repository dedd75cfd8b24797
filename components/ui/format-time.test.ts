import { describe, expect, it } from 'vitest';
import { formatAge, formatClock, formatDateTime, formatDay, formatSpan } from './format-time.ts';

describe('formatSpan', () => {
  it.each([
    [0, '0 s'],
    [48_000, '48 s'],
    [60_000, '1 min'],
    [350_000, '5 min 50 s'],
    [20 * 60_000, '20 min'],
    [132 * 60_000, '2 h 12 min'],
    [9 * 3_600_000, '9 h'],
    [4.9 * 86_400_000, '4.9 d'],
    [-5, '0 s'],
  ])('writes %d ms as %s', (ms, text) => expect(formatSpan(ms)).toBe(text));
});

describe('formatAge', () => {
  it.each([
    [999, '0 s'],
    [59_999, '59 s'],
    [240_000, '4 min'],
    [7_200_000, '2 h'],
    [3 * 86_400_000, '3 d'],
  ])('writes %d ms as %s', (ms, text) => expect(formatAge(ms)).toBe(text));
});

describe('times of day', () => {
  const at = Date.UTC(2026, 10, 21, 14, 2, 5);
  it('are written in UTC when asked', () => {
    expect(formatClock(at, 'utc')).toBe('14:02');
    expect(formatClock(at, 'utc', true)).toBe('14:02:05');
    expect(formatDateTime(at, 'utc')).toBe('21 Nov, 14:02:05');
  });
  it('carry the year only when it is another', () => {
    expect(formatDay(at, 'utc', Date.UTC(2027, 0, 1))).toBe('21 Nov 2026');
  });
});
