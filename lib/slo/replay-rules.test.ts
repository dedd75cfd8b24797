import { describe, expect, test } from 'vitest';
import { allowedBad, calls, type ReplayColumns, replay, replaySentences } from './replay-rules.ts';
import { aDefinition } from './testing/definitions.ts';
import { dayMs, hourMs, minuteMs } from './window-rules.ts';

const toMs = Date.UTC(2026, 10, 21, 12);
const days = 4;
const fromMs = toMs - days * dayMs;
const perMinute = 600;

interface Fault {
  atMs: number;
  minutes: number;
  ratio: number;
}

/** Even traffic with faults; `gaps` are unknown. */
function columns(faults: Fault[], gaps: { atMs: number; minutes: number }[] = [], traffic = perMinute): ReplayColumns {
  const count = (toMs - fromMs) / minuteMs;
  const [bad, total] = [new Float64Array(count), new Float64Array(count).fill(traffic)];
  const each = (atMs: number, minutes: number, put: (index: number) => void) => {
    const first = (atMs - fromMs) / minuteMs;
    for (let index = first; index < first + minutes; index++) put(index);
  };
  for (const { atMs, minutes, ratio } of faults) {
    each(atMs, minutes, (index) => {
      bad[index] = traffic * ratio;
    });
  }
  for (const { atMs, minutes } of gaps) {
    each(atMs, minutes, (index) => {
      bad[index] = Number.NaN;
      total[index] = Number.NaN;
    });
  }
  return { fromMs, stepMs: minuteMs, bad, total };
}

const definition = aDefinition({ target: 0.999 });
const since = toMs - dayMs;
const allowed = allowedBad(definition, days * 1_440 * perMinute, days * dayMs);
const fastPage = (found: ReturnType<typeof replay>) => found.filter(({ tier }) => tier.longMs === hourMs);
const at = (iso: string) => Date.parse(`2026-11-21T${iso}:00Z`);

describe('a replayed fault', () => {
  test('pages in the minute that the formula gives and until the short window is clear', () => {
    const found = replay(definition, columns([{ atMs: at('06:00'), minutes: 20, ratio: 0.1 }]), since, allowed);
    const [page, ...more] = fastPage(found);
    // 14.4 × 0.001 × 60 min / 0.1 = 8.64 min.
    expect([page?.fromMs, more]).toEqual([at('06:09'), []]);
    // Over five minutes 10 % × (5 - t) / 5 is above 1.44 % until t = 4.28 min.
    expect(page?.toMs).toBe(at('06:25'));
    // From the short window before it, 1,200 bad events of 600/min × 30 d × 0.001 = 25,920 allowed.
    expect(page?.budgetSpent).toBeCloseTo((16 * 60) / 25_920, 3);
  });

  test('before the time that is asked for fills windows and is not told', () => {
    const fault = { atMs: since - 10 * minuteMs, minutes: 10, ratio: 0.5 };
    const found = replay(definition, columns([fault]), since, allowed);
    expect(fastPage(found)[0]?.fromMs).toBe(since);
    expect(
      replay(definition, columns([{ ...fault, atMs: since - 3 * hourMs }]), since, allowed).filter(
        ({ tier }) => tier.severity === 'page' && tier.longMs === hourMs,
      ),
    ).toEqual([]);
  });

  test('of fewer failures than the minimum does not fire', () => {
    const guarded = { ...definition, alerting: { ...definition.alerting, minFailures: 1_000 } };
    const few = columns([{ atMs: at('06:00'), minutes: 10, ratio: 1 }], [], 60);
    expect(replay(guarded, few, since, allowed)).toEqual([]);
    expect(replay(definition, few, since, allowed).length).toBeGreaterThan(0);
  });

  test('in unknown time is none, and so is no traffic', () => {
    const gap = columns([{ atMs: at('06:00'), minutes: 20, ratio: 1 }], [{ atMs: at('05:55'), minutes: 60 }]);
    expect(replay(definition, gap, since, allowed)).toEqual([]);
    expect(replay(definition, columns([], [], 0), since, 0)).toEqual([]);
  });

  test('that lasts has no end', () => {
    const found = replay(definition, columns([{ atMs: at('11:30'), minutes: 30, ratio: 0.5 }]), since, allowed);
    expect(fastPage(found).map(({ toMs }) => toMs)).toEqual([null]);
  });
});

describe('sentences', () => {
  const span = { fromMs: toMs - 7 * dayMs, toMs };
  const [tier] = fastPage(replay(definition, columns([{ atMs: at('06:00'), minutes: 20, ratio: 1 }]), since, allowed));
  const firing = (from: string, to: string | null, budgetSpent: number) => ({
    tier: (tier as NonNullable<typeof tier>).tier,
    fromMs: Date.parse(from),
    toMs: to === null ? null : Date.parse(to),
    budgetSpent,
  });

  test('tell when it would have paged and what that cost', () => {
    const found = [
      firing('2026-11-14T23:50:00Z', '2026-11-15T00:10:00Z', 0.5),
      firing('2026-11-17T14:02:00Z', '2026-11-17T14:31:00Z', 0.031),
      firing('2026-11-21T11:58:00Z', null, 0.001),
    ];
    const [first, second] = replaySentences(definition, found, span, null);
    expect(first).toBe(
      'Would have paged 3 times in the last 7 days: 14 November 23:50 to 15 November 00:10 (50 % of the budget), Tuesday 14:02 to 14:31 (3.1 % of the budget), Saturday 11:58 until now (0.1 % of the budget). Times are in UTC.',
    );
    expect(second).toBe('Would not have opened a ticket in the last 7 days.');
  });

  test('count firings that overlap once, and list the newest of many', () => {
    const overlapping = [
      firing('2026-11-20T10:00:00Z', '2026-11-20T10:10:00Z', 0.1),
      firing('2026-11-20T10:05:00Z', '2026-11-20T11:00:00Z', 0.3),
    ];
    expect(calls(overlapping, 'page')).toMatchObject([{ toMs: Date.parse('2026-11-20T11:00:00Z'), budgetSpent: 0.3 }]);
    const many = Array.from({ length: 8 }, (_, hour) =>
      firing(`2026-11-20T1${hour}:00:00Z`, `2026-11-20T1${hour}:10:00Z`, 0.1),
    );
    expect(replaySentences(definition, many, span, null)[0]).toMatch(
      /^Would have paged 8 times .*Friday 13:00.*; 3 earlier\./,
    );
  });

  test('say that nothing happened, or that there is nothing that could', () => {
    expect(replaySentences(definition, [], { fromMs: toMs - 3 * hourMs, toMs }, null)[0]).toBe(
      'Would not have paged in the last 3 hours.',
    );
    const short = aDefinition({ window: { kind: 'rolling', days: 3 } });
    expect(replaySentences(short, [], span, null)).toEqual([
      'There are no burn-rate alerts: only missing data is told.',
    ]);
  });
});
