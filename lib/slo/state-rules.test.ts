import { describe, expect, it } from 'vitest';
import type { SloState } from './schemas.ts';
import { byTimeToExhaustion, judge, type StateInput } from './state-rules.ts';
import { hourMs, minuteMs } from './window-rules.ts';

const nowMs = Date.parse('2026-11-21T14:30:00Z');
const figures = (budgetLeft: number | null, total = 1_000_000) => ({
  from: '',
  until: '',
  endsAt: '',
  good: total,
  bad: budgetLeft === null ? 0 : (1 - budgetLeft) * 1_000,
  total,
  sli: 1,
  allowedBad: 1_000,
  budgetLeft,
  coverage: 1,
  approximate: false,
});
const step = (name: string, effect: 'none' | 'warn' | 'block') => ({ from: 0.5, name, message: '', effect, tell: [] });
const input = (more: Partial<StateInput> = {}): StateInput => ({
  nowMs,
  window: { kind: 'rolling', days: 30 },
  figures: figures(0.8),
  ledgerUntilMs: nowMs - 7 * minuteMs,
  backfill: 'done',
  ledgerError: null,
  lastHour: { total: 1_000, coverage: 1 },
  live: { totalNow: 10, totalLastHour: 10 },
  firing: null,
  isAbsent: false,
  absentSinceMs: null,
  burn: 0.4,
  exhaustedAtMs: null,
  paceMs: 24 * hourMs,
  step: step('free', 'none'),
  ...more,
});
const firing = { name: 'SLOBurnRate', severity: 'page' as const, sinceMs: nowMs - 21 * minuteMs, longWindowMs: hourMs };

describe('the state of an SLO', () => {
  it.each<[string, Partial<StateInput>, SloState, string]>([
    ['in order', {}, 'ok', '80 % of the 30-day budget is left, burning at 0.4×.'],
    [
      'spent',
      { figures: figures(-0.2), firing },
      'breached',
      'The 30-day budget is spent: 1,200 failures, 1,000 were allowed.',
    ],
    [
      'exactly spent',
      { figures: figures(0) },
      'breached',
      'The 30-day budget is spent: 1,000 failures, 1,000 were allowed.',
    ],
    ['paging', { firing, burn: 57 }, 'at_risk', 'A page fires since 14:09 UTC: burning at 57× over the last hour.'],
    [
      'failing at low traffic',
      { firing: { ...firing, severity: 'ticket', longWindowMs: null, sinceMs: null } },
      'at_risk',
      'A ticket fires.',
    ],
    [
      'under a policy that warns',
      { step: step('careful', 'warn'), figures: figures(0.3) },
      'at_risk',
      '30 % of the 30-day budget is left: the policy is “careful”.',
    ],
    [
      'soon without a budget',
      { exhaustedAtMs: Date.parse('2026-11-26T14:00:00Z') },
      'at_risk',
      'At the pace of the last day none of the 30-day budget is left on Thursday 14:00 UTC.',
    ],
    [
      'idle',
      { live: { totalNow: 0, totalLastHour: 0 } },
      'no_traffic',
      'No requests in the last hour; 80 % of the 30-day budget is left.',
    ],
    ['without a request in its window', { figures: figures(null, 0) }, 'no_traffic', 'No requests in its window.'],
    [
      'idle by its ledger',
      { live: null, lastHour: { total: 0, coverage: 1 } },
      'no_traffic',
      'No requests in the last hour; 80 % of the 30-day budget is left.',
    ],
    ['not yet counted', { figures: null, ledgerUntilMs: null }, 'no_data', 'Nothing has been counted yet.'],
    [
      'being counted',
      { figures: null, ledgerUntilMs: null, backfill: 'running' },
      'no_data',
      'Nothing is counted yet: the ledger is being filled.',
    ],
    [
      'not countable',
      { figures: null, ledgerUntilMs: null, ledgerError: 'Prometheus does not answer' },
      'no_data',
      'Nothing could be counted: Prometheus does not answer.',
    ],
    [
      'silent for some minutes',
      { live: { totalNow: null, totalLastHour: 12 } },
      'no_data',
      'No data in the last 5 min.',
    ],
    ['absent', { isAbsent: true, absentSinceMs: nowMs - hourMs }, 'no_data', 'Its data is absent since 13:30 UTC.'],
    [
      'silent for an hour, without rules',
      { live: null, lastHour: { total: 0, coverage: 0 } },
      'no_data',
      'No data in the hour before 14:23 UTC.',
    ],
    [
      'behind, with live rates',
      { ledgerUntilMs: nowMs - 30 * minuteMs },
      'ok',
      '80 % of the 30-day budget is left, burning at 0.4×. The budget is known until 14:00 UTC only.',
    ],
    [
      'behind, without them',
      { ledgerUntilMs: nowMs - 30 * minuteMs, live: null, ledgerError: 'Prometheus does not answer.' },
      'no_data',
      'Nothing is known since 14:00 UTC. Prometheus does not answer.',
    ],
    ['far behind', { ledgerUntilMs: nowMs - 3 * hourMs }, 'no_data', 'Nothing is known since 11:30 UTC.'],
    [
      'spent and silent',
      { figures: figures(-1), ledgerUntilMs: nowMs - 3 * hourMs },
      'breached',
      'The 30-day budget is spent: 2,000 failures, 1,000 were allowed. Nothing is known since 11:30 UTC.',
    ],
  ])('%s', (_, more, state, reason) => {
    const judged = judge(input(more));
    expect(judged.state).toBe(state);
    expect(judged.reason.startsWith(reason)).toBe(true);
  });
});

it('puts first what is spent, then what will be soonest', () => {
  const row = (name: string, state: SloState, exhaustedAt: string | null, budgetLeft: number | null) => ({
    name,
    state,
    exhaustedAt,
    figures: budgetLeft === null ? null : { budgetLeft },
  });
  const rows = [
    row('quiet', 'ok', null, 0.9),
    row('unknown', 'no_data', null, null),
    row('later', 'at_risk', '2026-11-25T00:00:00Z', 0.9),
    row('spent', 'breached', null, -2),
    row('warned', 'at_risk', null, 0.2),
    row('soon', 'at_risk', '2026-11-21T15:00:00Z', 0.9),
    row('overspent', 'breached', null, -9),
  ];
  expect(rows.sort(byTimeToExhaustion).map(({ name }) => name)).toEqual([
    'overspent',
    'spent',
    'soon',
    'later',
    'warned',
    'unknown',
    'quiet',
  ]);
});
