import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TimeWindow } from './schemas.ts';
import { dayMs, hourMs, isTimeZone, windowAt } from './window-rules.ts';

type Unit = 'week' | 'month' | 'quarter' | 'year';
const span = (unit: Unit, timeZone: string, at: string) => {
  const { fromMs, endsMs } = windowAt({ kind: 'calendar', unit, timeZone }, Date.parse(at));
  return [new Date(fromMs).toISOString(), new Date(endsMs).toISOString()];
};

it('reads a rolling window as the days before', () => {
  const at = Date.parse('2026-11-21T14:30:00Z');
  expect(windowAt({ kind: 'rolling', days: 30 }, at)).toEqual({ fromMs: at - 30 * dayMs, endsMs: at });
});

describe('calendar windows', () => {
  it.each<[string, Unit, string, string, string, string]>([
    ['a month', 'month', 'UTC', '2026-11-21T14:30:00Z', '2026-11-01T00:00:00.000Z', '2026-12-01T00:00:00.000Z'],
    [
      'its first instant',
      'month',
      'UTC',
      '2026-11-01T00:00:00Z',
      '2026-11-01T00:00:00.000Z',
      '2026-12-01T00:00:00.000Z',
    ],
    [
      'its last instant',
      'month',
      'UTC',
      '2026-11-30T23:59:59.999Z',
      '2026-11-01T00:00:00.000Z',
      '2026-12-01T00:00:00.000Z',
    ],
    [
      'a February of a leap year',
      'month',
      'UTC',
      '2028-02-29T12:00:00Z',
      '2028-02-01T00:00:00.000Z',
      '2028-03-01T00:00:00.000Z',
    ],
    [
      'a month with a lost hour',
      'month',
      'Europe/Berlin',
      '2026-03-29T12:00:00Z',
      '2026-02-28T23:00:00.000Z',
      '2026-03-31T22:00:00.000Z',
    ],
    [
      'a month with an hour twice',
      'month',
      'America/New_York',
      '2026-11-21T00:00:00Z',
      '2026-11-01T04:00:00.000Z',
      '2026-12-01T05:00:00.000Z',
    ],
    [
      'a week begins on Monday',
      'week',
      'UTC',
      '2026-11-22T23:59:00Z',
      '2026-11-16T00:00:00.000Z',
      '2026-11-23T00:00:00.000Z',
    ],
    [
      'a week of 167 hours',
      'week',
      'Europe/Berlin',
      '2026-03-25T00:00:00Z',
      '2026-03-22T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ],
    [
      'a week of 169 hours',
      'week',
      'Europe/Berlin',
      '2026-10-25T00:30:00Z',
      '2026-10-18T22:00:00.000Z',
      '2026-10-25T23:00:00.000Z',
    ],
    [
      'a week over new year',
      'week',
      'UTC',
      '2027-01-01T00:00:00Z',
      '2026-12-28T00:00:00.000Z',
      '2027-01-04T00:00:00.000Z',
    ],
    [
      'a quarter',
      'quarter',
      'Asia/Tokyo',
      '2026-12-31T14:59:59Z',
      '2026-09-30T15:00:00.000Z',
      '2026-12-31T15:00:00.000Z',
    ],
    [
      'the next quarter',
      'quarter',
      'Asia/Tokyo',
      '2026-12-31T15:00:00Z',
      '2026-12-31T15:00:00.000Z',
      '2027-03-31T15:00:00.000Z',
    ],
    [
      'a year in the south',
      'year',
      'Pacific/Auckland',
      '2026-06-01T00:00:00Z',
      '2025-12-31T11:00:00.000Z',
      '2026-12-31T11:00:00.000Z',
    ],
    [
      'an offset of half an hour',
      'month',
      'Asia/Kolkata',
      '2026-11-30T18:29:59Z',
      '2026-10-31T18:30:00.000Z',
      '2026-11-30T18:30:00.000Z',
    ],
    [
      'a saving of half an hour',
      'month',
      'Australia/Lord_Howe',
      '2026-10-15T00:00:00Z',
      '2026-09-30T13:30:00.000Z',
      '2026-10-31T13:00:00.000Z',
    ],
    [
      'an offset of three quarters',
      'month',
      'Asia/Kathmandu',
      '2026-11-10T00:00:00Z',
      '2026-10-31T18:15:00.000Z',
      '2026-11-30T18:15:00.000Z',
    ],
    // Clocks went from Sunday 2018-11-04 00:00 to 01:00, so that no day began at midnight; back on 2018-02-18.
    [
      'a month around a skipped midnight',
      'month',
      'America/Sao_Paulo',
      '2018-11-04T03:00:00Z',
      '2018-11-01T03:00:00.000Z',
      '2018-12-01T02:00:00.000Z',
    ],
    [
      'a week around a midnight that came twice',
      'week',
      'America/Sao_Paulo',
      '2018-02-18T02:30:00Z',
      '2018-02-12T02:00:00.000Z',
      '2018-02-19T03:00:00.000Z',
    ],
    // Cairo skips the midnight of Friday 2026-04-24 and repeats the hour before the one of Friday 2026-10-30.
    [
      'a month with a change at midnight',
      'month',
      'Africa/Cairo',
      '2026-04-24T00:00:00Z',
      '2026-03-31T22:00:00.000Z',
      '2026-04-30T21:00:00.000Z',
    ],
    // 1 October 2017 in Paraguay began at 01:00, as its clocks skipped midnight on the first day of the month.
    [
      'a month whose first midnight is skipped',
      'month',
      'America/Asuncion',
      '2017-10-01T12:00:00Z',
      '2017-10-01T04:00:00.000Z',
      '2017-11-01T03:00:00.000Z',
    ],
    // Samoa had no 30 December 2011.
    [
      'a week without one of its days',
      'week',
      'Pacific/Apia',
      '2011-12-31T00:00:00Z',
      '2011-12-26T10:00:00.000Z',
      '2012-01-01T10:00:00.000Z',
    ],
  ])('%s', (_, unit, zone, at, from, ends) => {
    expect(span(unit, zone, at)).toEqual([from, ends]);
  });

  it('puts the minute that Newfoundland lived twice into the window that it first belonged to', () => {
    // 2011-11-06 00:01 went back to 2011-11-05 23:01; the Monday after is not touched, the Sunday's date is.
    const [from, ends] = span('week', 'America/St_Johns', '2011-11-06T02:40:00Z');
    expect([from, ends]).toEqual(['2011-10-31T02:30:00.000Z', '2011-11-07T03:30:00.000Z']);
  });

  const zones = [
    'UTC',
    'Europe/Berlin',
    'America/New_York',
    'America/Sao_Paulo',
    'Africa/Cairo',
    'Africa/Casablanca',
    'America/Asuncion',
    'America/St_Johns',
    'Asia/Kathmandu',
    'Asia/Beirut',
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Pacific/Chatham',
    'Pacific/Kiritimati',
  ];
  const anywhere = fc.record({
    kind: fc.constant('calendar' as const),
    unit: fc.constantFrom<Unit>('week', 'month', 'quarter', 'year'),
    timeZone: fc.constantFrom(...zones),
  });
  const instant = fc.integer({ min: Date.UTC(1971, 0), max: Date.UTC(2099, 0) });

  it('holds every instant', () => {
    fc.assert(
      fc.property(anywhere, instant, (window, at) => {
        const { fromMs, endsMs } = windowAt(window, at);
        expect(fromMs).toBeLessThanOrEqual(at);
        expect(endsMs).toBeGreaterThan(at);
      }),
      { numRuns: 300 },
    );
  });

  it('follows the one before without a hole or an overlap', () => {
    fc.assert(
      fc.property(anywhere, instant, (window, at) => {
        const here = windowAt(window, at);
        const next = windowAt(window, here.endsMs);
        const before = windowAt(window, here.fromMs - 1);
        expect(next.fromMs).toBe(here.endsMs);
        expect(before.endsMs).toBe(here.fromMs);
        expect(windowAt(window, here.endsMs - 1)).toEqual(here);
      }),
      { numRuns: 300 },
    );
  });

  it('is as long as its unit, give or take what clocks are moved', () => {
    const days: Record<Unit, [number, number]> = { week: [7, 7], month: [28, 31], quarter: [90, 92], year: [365, 366] };
    fc.assert(
      fc.property(anywhere, instant, (window, at) => {
        const { fromMs, endsMs } = windowAt(window, at);
        const [least, most] = days[window.unit];
        expect(endsMs - fromMs).toBeGreaterThanOrEqual(least * dayMs - 25 * hourMs);
        expect(endsMs - fromMs).toBeLessThanOrEqual(most * dayMs + 25 * hourMs);
      }),
      { numRuns: 200 },
    );
  });
});

it('knows IANA zones from other words', () => {
  expect([isTimeZone('Europe/Berlin'), isTimeZone('UTC'), isTimeZone('Mars/Olympus'), isTimeZone('')]).toEqual([
    true,
    true,
    false,
    false,
  ]);
  const window: TimeWindow = { kind: 'calendar', unit: 'month', timeZone: 'Mars/Olympus' };
  expect(() => windowAt(window, 0)).toThrow(RangeError);
});
