import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exhaustionOf, type ForecastInput, forecastOf, type Pace, reaches } from './forecast-rules.ts';
import type { PolicyStep } from './schemas.ts';
import { dayMs, hourMs, minuteMs } from './window-rules.ts';

const nowMs = Date.parse('2026-11-21T14:30:00Z');
const step = (from: number | null, name: string): PolicyStep => ({
  from,
  name,
  message: name,
  effect: 'none',
  tell: [],
});
const steps = [step(0.5, 'free'), step(0.25, 'careful'), step(0, 'reliability only'), step(null, 'frozen')];
/** Requests of a month at 1,000 a minute, of which one in a thousand may fail. */
const total = 30 * 24 * 60 * 1_000;
const allowed = total / 1_000;
const pace = (lengthMs: number, burn: number): Pace => ({
  lengthMs,
  total: 1_000 / minuteMs,
  bad: (burn * 0.001 * 1_000) / minuteMs,
});
const rolling = (more: Partial<ForecastInput> = {}): ForecastInput => ({
  nowMs,
  window: { kind: 'rolling', days: 30 },
  target: 0.999,
  bad: 0.6 * allowed,
  total,
  endsMs: null,
  leaving: Array.from({ length: 30 }, (_, day) => ({ inMs: (day + 1) * dayMs, bad: 0, total: total / 30 })),
  paces: [pace(5 * minuteMs, 124), pace(hourMs, 57)],
  steps,
  ...more,
});

describe('a forecast of a rolling window', () => {
  it('tells the design by its own figures', () => {
    const found = forecastOf(rolling({ bad: 0.619 * allowed }));
    // At 124 times the pace that spends 30 days, 38.1 % last 0.381 × 30 d / 124 = 2 h 13 min, at 57 times 4 h 49 min.
    expect(Date.parse(found.exhaustedAt ?? '') - nowMs).toBeCloseTo((0.381 * 30 * dayMs) / 124, -5);
    expect(Date.parse(found.latestAt ?? '') - nowMs).toBeCloseTo((0.381 * 30 * dayMs) / 57, -5);
    expect(found.earliestAt).toBe(found.exhaustedAt);
    expect(found.sentence).toBe(
      'At 15:15 UTC the budget passes 25 % and the policy becomes “reliability only”; none is left between 16:42 UTC and 19:18 UTC.',
    );
    expect(found.method).toContain('the last 5 min (124×) to the last hour (57×)');
    expect(found.expected[0]).toBeCloseTo(0.381, 6);
    expect(found.fast.every((value, index) => value <= (found.slow[index] ?? 0) + 1e-12)).toBe(true);
    expect(found.expected.at(-1)).toBe(0);
  });

  it('minds that old spending leaves the window', () => {
    // Evenly spent before: 2.5 times the pace uses 40 % up in 0.4 × 30 / 2.5 = 4.8 days. Where all that was spent leaves
    // within two days, only 5 / 30 of the budget is used then, and the rest lasts ten days more.
    const leaving = Array.from({ length: 30 }, (_, day) => ({
      inMs: (day + 1) * dayMs,
      bad: day < 2 ? 0.3 * allowed : 0,
      total: total / 30,
    }));
    const inDays = (more: Partial<ForecastInput>) =>
      ((exhaustionOf(rolling({ paces: [pace(dayMs, 2.5)], ...more })) ?? 0) - nowMs) / dayMs;
    expect(inDays({})).toBeCloseTo(4.8, 6);
    expect(inDays({ leaving })).toBeCloseTo(12, 6);
  });

  it('says when some is left again once all is spent', () => {
    const leaving = [
      { inMs: 5 * dayMs, bad: 0.2 * allowed, total: total / 6 },
      { inMs: 10 * dayMs, bad: 0.9 * allowed, total: total / 6 },
    ];
    const found = forecastOf(rolling({ bad: 1.1 * allowed, leaving }));
    expect(found.exhaustedAt).toBe(new Date(nowMs).toISOString());
    expect(found.sentence).toBe(
      'Nothing is left. Without another failure there is some again on Thursday 14:30 UTC, as old failures leave the window.',
    );
  });

  it('is quiet where nothing burns', () => {
    const found = forecastOf(rolling({ paces: [pace(dayMs, 0), pace(6 * hourMs, 0)] }));
    expect([found.exhaustedAt, found.earliestAt, found.latestAt]).toEqual([null, null, null]);
    expect(found.sentence).toBe(
      'At the pace of the last day the 30-day budget is not used up within the next 30 days.',
    );
    expect(Date.parse(found.grid.to) - nowMs).toBe(30 * dayMs);
  });

  it('has an open end where the slow pace never gets there', () => {
    const found = forecastOf(rolling({ paces: [pace(5 * minuteMs, 124), pace(hourMs, 0)] }));
    expect(found.latestAt).toBeNull();
    expect(found.sentence).toMatch(
      /none is left at 16:\d\d UTC at the earliest, and not within the next 30 days at the slowest pace\.$/,
    );
  });
});

describe('a forecast of a calendar window', () => {
  const endsMs = Date.parse('2026-12-01T00:00:00Z');
  const month = (more: Partial<ForecastInput> = {}) =>
    rolling({ window: { kind: 'calendar', unit: 'month', timeZone: 'UTC' }, endsMs, leaving: [], ...more });

  it('looks to the end of the window only', () => {
    expect(exhaustionOf(month({ paces: [pace(dayMs, 1.5)] }))).toBeNull();
    expect(forecastOf(month({ paces: [pace(dayMs, 1.5)] })).sentence).toMatch(
      /is not used up before the window is over\.$/,
    );
    expect(Date.parse(forecastOf(month({ paces: [pace(dayMs, 0)] })).grid.to)).toBeLessThanOrEqual(endsMs + 100);
  });

  it('lets the budget grow with the traffic that comes', () => {
    const at = exhaustionOf(month({ paces: [pace(hourMs, 10)] }));
    // 0.4 × allowed / (9 × what is allowed per ms), as each request brings its share of the budget with it.
    expect((at ?? 0) - nowMs).toBeCloseTo((0.4 * 30 * dayMs) / 9, -5);
  });

  it('says when the next one begins once all is spent', () => {
    expect(forecastOf(month({ bad: 2 * allowed })).sentence).toBe(
      'Nothing is left; a new window begins on 1 December.',
    );
  });
});

it('reaches a share later the faster paces slow down', () => {
  fc.assert(
    fc.property(fc.double({ min: 2, max: 900, noNaN: true }), fc.double({ min: 2, max: 900, noNaN: true }), (a, b) => {
      const [slow, fast] = [Math.min(a, b), Math.max(a, b)];
      const input = rolling();
      const [late, soon] = [slow, fast].map(
        (burn) => reaches(input, pace(hourMs, burn), 0, 30 * dayMs) ?? Number.MAX_VALUE,
      );
      expect(soon).toBeLessThanOrEqual(late as number);
    }),
  );
});
