import { describe, expect, it } from 'vitest';
import { type HistoryInput, historyOf, historyStep, leadOf, unitFor } from './history-rules.ts';
import { aDefinition } from './testing/definitions.ts';
import { bucketMs, dayMs, hourMs, minuteMs } from './window-rules.ts';

const untilMs = Date.parse('2026-11-21T12:00:00Z');

interface Made extends Partial<Omit<HistoryInput, 'ledger'>> {
  days?: number;
  fill?: (startMs: number) => { good: number; total: number; coverage?: number } | null;
}

function made({ days = 3, fill = () => ({ good: 100, total: 100 }), ...more }: Made = {}) {
  const columns = { startMs: [] as number[], good: [] as number[], total: [] as number[], coverage: [] as number[] };
  for (let startMs = untilMs - days * dayMs; startMs < untilMs; startMs += bucketMs) {
    const row = fill(startMs);
    if (!row) continue;
    columns.startMs.push(startMs);
    columns.good.push(row.good);
    columns.total.push(row.total);
    columns.coverage.push(row.coverage ?? 1);
  }
  return historyOf({
    definition: aDefinition({ window: { kind: 'rolling', days: 1 }, target: 0.99 }),
    ledger: { unitMs: bucketMs, ...columns },
    ledgerFromMs: untilMs - days * dayMs,
    untilMs,
    grid: { fromMs: untilMs - dayMs, toMs: untilMs, stepMs: hourMs },
    burnDown: { fromMs: untilMs - dayMs, endsMs: untilMs },
    ...more,
  });
}

it.each([
  ['90 days of buckets', -93, 0, 'bucket'],
  ['more buckets than are worth reading', -120, 0, 'hour'],
  ['a few days from before buckets of five minutes are kept', -101, -98, 'hour'],
  ['a few days since', -100, -98, 'bucket'],
] as const)('reads %s by the right unit', (_, fromDays, toDays, unit) => {
  const at = (days: number) => untilMs + days * dayMs;
  expect(unitFor({ fromMs: at(fromDays), toMs: at(toDays), bucketsFromMs: at(-100) })).toBe(unit);
});

it('stays within 720 steps on round lengths', () => {
  expect([hourMs, 2.5 * dayMs, 7 * dayMs, 30 * dayMs, 90 * dayMs, 365 * dayMs, 800 * dayMs].map(historyStep)).toEqual([
    5 * minuteMs,
    5 * minuteMs,
    15 * minuteMs,
    hourMs,
    3 * hourMs,
    dayMs,
    2 * dayMs,
  ]);
  expect((5_000 * dayMs) / historyStep(5_000 * dayMs)).toBeLessThanOrEqual(720);
});

describe('a history', () => {
  const outage = (startMs: number) => startMs >= untilMs - 6 * hourMs && startMs < untilMs - 5.5 * hourMs;

  it('burns the window down from all of it to what is left, beside a straight line', () => {
    const history = made({ fill: (at) => (outage(at) ? { good: 50, total: 100 } : { good: 100, total: 100 }) });
    expect(history.good).toHaveLength(24);
    expect(history.budgetLeft[17]).toBe(1);
    // 300 of 288 allowed failures, all within the first half of the hour.
    expect(history.budgetLeft[18]).toBeCloseTo(1 - 300 / 288, 9);
    expect(history.budgetLeft.at(-1)).toBeCloseTo(1 - 300 / 288, 9);
    expect(history.ideal[0]).toBeCloseTo(23 / 24, 9);
    expect(history.ideal.at(-1)).toBe(0);
    expect(history.bad[18]).toBe(300);
    expect(history.sli[18]).toBe(0.75);
  });

  it('has the highest burn that each window reached in a step', () => {
    const history = made({ fill: (at) => (outage(at) ? { good: 50, total: 100 } : { good: 100, total: 100 }) });
    expect(history.burn[5 * minuteMs]?.[18]).toBeCloseTo(50, 9);
    expect(history.burn[30 * minuteMs]?.[18]).toBeCloseTo(50, 9);
    expect(history.burn[hourMs]?.[18]).toBeCloseTo(25, 9);
    // The hour after still has five of its six buckets in its first window.
    expect(history.burn[hourMs]?.[19]).toBeCloseTo((50 * 5) / 12, 9);
    expect(history.burn[5 * minuteMs]?.[19]).toBe(0);
    expect(history.burn[hourMs]?.[21]).toBe(0);
  });

  it('leaves what is not known open, and says how much is known', () => {
    const gap = (at: number) => at >= untilMs - 3 * hourMs && at < untilMs - 1.5 * hourMs;
    const history = made({ fill: (at) => (gap(at) ? null : { good: 100, total: 100 }) });
    expect(history.good.slice(20, 23)).toEqual([1_200, null, 600]);
    expect(history.sli[21]).toBeNull();
    expect(history.coverage.slice(20, 23)).toEqual([1, 0, 0.5]);
    expect(history.burn[5 * minuteMs]?.[21]).toBeNull();
    const strict = made({
      fill: (at) => (gap(at) ? null : { good: 100, total: 100 }),
      definition: aDefinition({ window: { kind: 'rolling', days: 1 }, target: 0.99, gapPolicy: 'bad' }),
    });
    // 1.5 of 24 hours count as bad at the usual traffic: 1,800 of 28,800, where 288 are allowed.
    expect(strict.budgetLeft.at(-1)).toBeCloseTo(1 - 1_800 / 288, 9);
  });

  it('has no value for a time without traffic', () => {
    const history = made({ fill: () => ({ good: 0, total: 0 }) });
    expect(history.good[3]).toBe(0);
    expect([history.sli[3], history.budgetLeft[3], history.burn[hourMs]?.[3]]).toEqual([null, null, null]);
    expect(history.coverage[3]).toBe(1);
  });

  it('ends where the ledger ends, while the line goes on to the end of a calendar window', () => {
    const [fromMs, endsMs] = [Date.parse('2026-11-16T00:00:00Z'), Date.parse('2026-11-23T00:00:00Z')];
    const history = made({
      days: 14,
      definition: aDefinition({ window: { kind: 'calendar', unit: 'week', timeZone: 'UTC' }, target: 0.99 }),
      grid: { fromMs, toMs: endsMs, stepMs: hourMs },
      burnDown: { fromMs, endsMs },
    });
    expect(history.good).toHaveLength(168);
    const ends = (untilMs - fromMs) / hourMs;
    expect(history.budgetLeft.slice(ends - 1, ends + 1)).toEqual([1, null]);
    expect(history.good[ends]).toBeNull();
    expect(history.coverage[ends]).toBeNull();
    expect(history.ideal.at(-1)).toBe(0);
    expect(history.ideal[83]).toBeCloseTo(0.5, 9);
  });

  it('says over another range what was left of the window at each instant', () => {
    const early = (at: number) => at >= untilMs - 40 * hourMs && at < untilMs - 39 * hourMs;
    const history = made({
      fill: (at) => (early(at) ? { good: 99, total: 100 } : { good: 100, total: 100 }),
      burnDown: null,
    });
    // Twelve failures of 288 allowed ones, until they leave the day that is looked back on.
    expect(history.budgetLeft[0]).toBeCloseTo(1 - 12 / 288, 9);
    expect(history.budgetLeft[7]).toBeCloseTo(1 - 12 / 288, 9);
    expect(history.budgetLeft[8]).toBe(1);
    expect(history.ideal.every((value) => value === null)).toBe(true);
  });

  it('is empty without a ledger', () => {
    const history = made({ days: 0, ledgerFromMs: null });
    expect(history.good.every((value) => value === null)).toBe(true);
    expect(history.budgetLeft.every((value) => value === null)).toBe(true);
  });

  it('leaves out windows that its rows cannot tell', () => {
    const columns = { startMs: [untilMs - hourMs], good: [9], total: [10], coverage: [1] };
    const history = historyOf({
      definition: aDefinition(),
      ledger: { unitMs: hourMs, ...columns },
      ledgerFromMs: null,
      untilMs,
      grid: { fromMs: untilMs - dayMs, toMs: untilMs, stepMs: hourMs },
      burnDown: null,
    });
    expect(Object.keys(history.burn)).toEqual([hourMs, 2 * hourMs, 6 * hourMs, dayMs, 3 * dayMs].map(String));
  });
});

it('reads back as far as its longest window looks', () => {
  const definition = aDefinition();
  expect(leadOf(definition, untilMs, true)).toBe(untilMs - 3 * dayMs);
  expect(leadOf(definition, untilMs, false)).toBe(untilMs - 30 * dayMs);
});
