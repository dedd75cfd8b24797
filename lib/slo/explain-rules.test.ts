import { expect, it } from 'vitest';
import { type ExplainInput, explain } from './explain-rules.ts';
import { hourMs, minuteMs } from './window-rules.ts';

const nowMs = Date.parse('2026-11-21T14:30:00Z');
const ticket = { severity: 'ticket', longMs: 6 * hourMs, shortMs: 30 * minuteMs, factor: 6 } as const;
const input = (more: Partial<ExplainInput> = {}): ExplainInput => ({
  nowMs,
  window: { kind: 'rolling', days: 30 },
  severity: 'page',
  longMs: 6 * hourMs,
  shortMs: 30 * minuteMs,
  bad: 4_120,
  allowedBad: 79_000,
  live: { bad: 310, lengthMs: 7 * minuteMs },
  isNow: true,
  exhausted: { atMs: Date.parse('2026-11-26T14:00:00Z') },
  tier: { ...ticket, severity: 'page' },
  longBurn: 9.66,
  shortBurn: 114,
  since: null,
  ...more,
});

it('says what it costs, what its windows mean and when it stops', () => {
  expect(explain(input())).toEqual([
    '5.2 % of the 30-day budget was spent in the last 6 h (4,120 of 79,000 allowed failures); at this rate none is left on Thursday 14:00 UTC.',
    'About 310 of these failures are of the last 7 min, which the ledger has not counted yet; they are from the live rate.',
    'The page fires while the budget burns more than 6× as fast as it may over both the last 6 h (9.7×) and the last 30 min (114×): the long window says that it matters, the short one that it still goes on.',
    'It stops about 28 min after the failures do.',
  ]);
});

it.each<[string, Partial<ExplainInput>, string]>([
  ['spent', { exhausted: 'spent' }, '(4,120 of 79,000 allowed failures); nothing is left.'],
  ['slow', { exhausted: 'never' }, '; at this rate it is not used up within 30 days.'],
  ['over', { exhausted: 'over' }, '; in the last 5 min it burns no faster than it may.'],
  ['unknown', { exhausted: null }, '(4,120 of 79,000 allowed failures).'],
  [
    'of a month',
    { exhausted: 'never', window: { kind: 'calendar', unit: 'month', timeZone: 'UTC' } },
    '; at this rate it is not used up before the window is over.',
  ],
])('ends its first sentence by what becomes of the budget: %s', (_, more, end) => {
  expect(explain(input(more))[0]?.endsWith(end)).toBe(true);
});

it('tells of an alert that has passed in the past', () => {
  const said = explain(input({ isNow: false, live: null, exhausted: null, longBurn: null, shortBurn: null }));
  expect(said[0]).toBe(
    '5.2 % of the 30-day budget was spent in the 6 h before 14:30 UTC (4,120 of 79,000 allowed failures).',
  );
  expect(said).toHaveLength(2);
  expect(said[1]).toContain('over both the last 6 h and the last 30 min:');
});

it('says that it is stopping once a window is below', () => {
  expect(explain(input({ shortBurn: 2 })).at(-1)).toBe('It is stopping: one of them is below that already.');
});

it('adds the whole cost of an alert that is older than its window', () => {
  const since = { atMs: nowMs - 9 * hourMs, bad: 7_900 };
  expect(explain(input({ since })).at(-1)).toBe(
    'Since it began at 05:30 UTC, 7,900 requests have failed: 10 % of the budget.',
  );
  expect(explain(input({ since: { atMs: nowMs - hourMs, bad: 900 } })).at(-1)).toMatch(/^It stops/);
});

it('claims nothing without events', () => {
  expect(explain(input({ allowedBad: 0 }))).toEqual([
    'No requests were counted in the window, so that nothing says what this costs.',
  ]);
});
