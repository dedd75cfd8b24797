import { describe, expect, it } from 'vitest';
import type { LiveSlo } from './live-burn.ts';
import { forecastInput, type KeptSlo, liveSince, summarise } from './summarise.ts';
import { aDefinition } from './testing/definitions.ts';
import { bucketMs, dayMs, hourMs, minuteMs } from './window-rules.ts';

const nowMs = Date.parse('2026-11-21T14:37:00Z');
const ledgerUntilMs = Date.parse('2026-11-21T14:30:00Z');
const recent = (bad: number, total: number) => ({ bad, total, coverage: 1 });
const kept = (more: Partial<KeptSlo> = {}): KeptSlo => ({
  id: 'a',
  name: 'payment-availability',
  environment: 'production',
  service: 'payment',
  origin: 'file',
  file: 'deploy/slos/payment.yaml',
  definition: aDefinition(),
  ledgerUntilMs,
  backfill: 'done',
  error: null,
  failingSinceMs: null,
  figures: {
    from: new Date(ledgerUntilMs - 30 * dayMs).toISOString(),
    until: new Date(ledgerUntilMs).toISOString(),
    endsAt: new Date(ledgerUntilMs).toISOString(),
    good: 4_318_000,
    bad: 2_000,
    total: 4_320_000,
    sli: 4_318 / 4_320,
    allowedBad: 4_320,
    budgetLeft: 1 - 2_000 / 4_320,
    coverage: 1,
    approximate: false,
    adjusted: null,
    // An outage of an hour, some hours ago.
    recent: {
      [bucketMs]: recent(0, 500),
      [hourMs]: recent(0, 6_000),
      [6 * hourMs]: recent(1_500, 36_000),
      [dayMs]: recent(1_510, 144_000),
      [3 * dayMs]: recent(1_550, 432_000),
    },
    leaving: { endMs: [10 * dayMs, 30 * dayMs], bad: [500, 1_500], total: [1_440_000, 2_880_000] },
  },
  ...more,
});
const surroundings = (slo?: LiveSlo) => ({
  live: { asOfMs: nowMs, error: null, slos: new Map(slo ? [['payment-availability', slo]] : []) },
  steps: new Map(),
  entries: [],
  nowMs,
});
const live = (bad: number, alerts: LiveSlo['alerts'] = []): LiveSlo => ({
  rates: new Map([
    [5 * minuteMs, { bad, total: 2 }],
    [hourMs, { bad, total: 2 }],
  ]),
  alerts,
});
const page = { name: 'SLOBurnRate', severity: 'page' as const, longWindow: '6h', shortWindow: '30m', sinceMs: nowMs };

describe('a row', () => {
  it('does not take an outage that has ended for how it goes on', () => {
    expect(summarise(kept(), surroundings(live(0)))).toMatchObject({ state: 'ok', exhaustedAt: null, burnNow: 0 });
    expect(summarise(kept(), surroundings(live(0, [page])))).toMatchObject({ state: 'at_risk', exhaustedAt: null });
    const input = forecastInput(kept(), { now: live(0), steps: [], nowMs });
    expect(input?.paces.map(({ lengthMs }) => lengthMs)).toEqual([hourMs, 6 * hourMs, 3 * dayMs]);
  });

  it('takes what burns now for how it goes on while a page fires', () => {
    const row = summarise(kept(), surroundings(live(0.5, [page])));
    expect(row).toMatchObject({ state: 'at_risk', firing: 'page' });
    expect(row.burnNow).toBeCloseTo(250, 6);
    // About 2,110 failures are left at half a failure each second.
    expect((Date.parse(row.exhaustedAt ?? '') - nowMs) / hourMs).toBeCloseTo(1.17, 1);
  });

  it('is behind when its ledger is, with the reason', () => {
    const error = 'Prometheus does not answer.';
    const row = summarise(kept({ ledgerUntilMs: nowMs - hourMs / 2, error }), surroundings());
    expect(row).toMatchObject({ state: 'no_data', stale: { reason: error }, exhaustedAt: null });
  });

  it('has owner and tier of the catalogue where it names none', () => {
    const entry = {
      name: 'payment',
      kind: 'service' as const,
      description: null,
      owner: 'payments',
      tier: 1,
      lifecycle: null,
      repository: null,
      links: [],
      environments: null,
      file: 'payment.yaml',
      line: 1,
    };
    const around = { ...surroundings(), entries: [entry] };
    expect(summarise(kept(), around)).toMatchObject({ owner: 'payments', tier: 1 });
    const own = kept({ definition: aDefinition({ owner: 'platform', tier: 3 }) });
    expect(summarise(own, around)).toMatchObject({ owner: 'platform', tier: 3 });
  });

  it('knows nothing before its ledger begins', () => {
    const row = summarise(kept({ ledgerUntilMs: null, figures: null, backfill: 'running' }), surroundings());
    expect(row).toMatchObject({ state: 'no_data', figures: null, burnNow: null, stale: null, policyStep: null });
  });
});

it('counts what came since the ledger ended: five minutes as they are now, the rest as its last bucket was', () => {
  const pace = { lengthMs: bucketMs, bad: 2 / bucketMs, total: 100 / bucketMs };
  const figures = { recent: { [bucketMs]: recent(10, 90) } };
  expect(liveSince(pace, figures, bucketMs / 2)).toEqual({ bad: 1, total: 50 });
  expect(liveSince(pace, figures, 2 * bucketMs)).toEqual({ bad: 12, total: 190 });
});
