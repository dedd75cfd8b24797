import type { SloSummary, WindowFigures } from '#lib/slo/schemas.ts';

/** Figures of a 30-day window for tests: 100,000 events of which 100 may fail. */
export const figuresOf = (rest: Partial<WindowFigures> = {}): WindowFigures => ({
  from: '2026-10-22T14:30:00Z',
  until: '2026-11-21T14:30:00Z',
  endsAt: '2026-11-21T14:30:00Z',
  good: 99_950,
  bad: 50,
  total: 100_000,
  sli: 0.9995,
  allowedBad: 100,
  budgetLeft: 0.5,
  coverage: 1,
  approximate: false,
  ...rest,
});

/** An SLO of 99.9 % for tests. */
export const sloOf = (name: string, rest: Partial<SloSummary> = {}): SloSummary => ({
  environment: 'production',
  name,
  displayName: name.replaceAll('-', ' '),
  service: name.split('-')[0] ?? name,
  owner: null,
  tier: null,
  category: 'availability',
  target: 0.999,
  window: { kind: 'rolling', days: 30 },
  measuredAt: 'caller',
  origin: 'ui',
  file: null,
  state: 'ok',
  reason: '',
  figures: figuresOf(),
  burnNow: null,
  exhaustedAt: null,
  policyName: 'default',
  policyStep: null,
  firing: null,
  stale: null,
  backfill: 'done',
  ...rest,
});
