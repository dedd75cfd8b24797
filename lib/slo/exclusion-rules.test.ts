import { describe, expect, test } from 'vitest';
import { exclusionProblems, type ProposedExclusion } from './exclusion-rules.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const nowMs = Date.parse('2026-11-21T12:00:00Z');

const proposed = (more: Partial<ProposedExclusion> = {}): ProposedExclusion => ({
  kind: 'measurement_error',
  fromMs: nowMs - 2 * hourMs,
  toMs: nowMs - hourMs,
  announcedAtMs: null,
  nowMs,
  ledgerFromMs: nowMs - 30 * dayMs,
  keptMs: 100 * dayMs,
  ...more,
});
const maintenance = (more: Partial<ProposedExclusion> = {}) =>
  proposed({ kind: 'maintenance', announcedAtMs: nowMs - dayMs, ...more });

describe('time may be excluded', () => {
  test.each<[string, ProposedExclusion]>([
    ['after the fact, for a measurement error', proposed()],
    ['up to now', proposed({ toMs: nowMs })],
    ['for maintenance that was announced', maintenance()],
    ['for maintenance that is to come', maintenance({ fromMs: nowMs + dayMs, toMs: nowMs + 2 * dayMs })],
    ['for 31 days', proposed({ fromMs: nowMs - 31 * dayMs, toMs: nowMs })],
    ['where the ledger begins in it', proposed({ ledgerFromMs: nowMs - 1.5 * hourMs })],
    ['before anything is counted', proposed({ ledgerFromMs: null })],
  ])('%s', (_, exclusion) => {
    expect(exclusionProblems(exclusion)).toEqual([]);
  });
});

describe('time may not be excluded', () => {
  test.each<[string, ProposedExclusion, string[]]>([
    ['backwards', proposed({ toMs: nowMs - 3 * hourMs }), ['to order']],
    ['for no time', proposed({ toMs: nowMs - 2 * hourMs }), ['to order']],
    ['for more than 31 days', proposed({ fromMs: nowMs - 31 * dayMs - 1, toMs: nowMs }), ['to too_long']],
    [
      'that is long past',
      proposed({ fromMs: nowMs - 101 * dayMs, toMs: nowMs - 99 * dayMs, ledgerFromMs: nowMs - 400 * dayMs }),
      ['from too_old'],
    ],
    ['before the ledger begins', proposed({ ledgerFromMs: nowMs - hourMs }), ['to before_ledger']],
    ['for an error that is still to come', proposed({ toMs: nowMs + 1 }), ['to not_over']],
    ['for maintenance that nobody announced', maintenance({ announcedAtMs: null }), ['announcedAt required']],
    [
      'for maintenance announced as it began',
      maintenance({ announcedAtMs: nowMs - 2 * hourMs }),
      ['announcedAt too_late'],
    ],
    [
      'for maintenance announced in the future',
      maintenance({ fromMs: nowMs + 2 * hourMs, toMs: nowMs + 3 * hourMs, announcedAtMs: nowMs + 1 }),
      ['announcedAt not_yet'],
    ],
    ['years ahead', maintenance({ fromMs: nowMs + 366 * dayMs, toMs: nowMs + 367 * dayMs }), ['to too_far']],
  ])('%s', (_, exclusion, problems) => {
    expect(exclusionProblems(exclusion).map(({ path, code }) => `${path} ${code}`)).toEqual(problems);
  });
});
