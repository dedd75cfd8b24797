import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeChanges, isSameDefinition, measuresDifferently } from './definition-diff-rules.ts';
import type { BurnTier, Indicator, SloDefinition } from './schemas.ts';
import { aDefinition } from './testing/definitions.ts';

const before = aDefinition();
const hourMs = 3_600_000;
const tier = (factor: number, longMs = hourMs): BurnTier => ({
  severity: 'page',
  longMs,
  shortMs: longMs / 12,
  factor,
});
const alerting = (tiers: BurnTier[] | null) => ({ ...before.alerting, tiers });
const threshold: Indicator = { kind: 'threshold', query: 'probe_success', op: 'gte', value: 1 };

describe('what changed', () => {
  test.each<[string, Partial<SloDefinition>, string[]]>([
    ['the target', { target: 0.9995 }, ['target 99.9 % → 99.95 %']],
    ['the window', { window: { kind: 'rolling', days: 1 } }, ['window 30 days → 1 day']],
    [
      'the kind of window',
      { window: { kind: 'calendar', unit: 'month', timeZone: 'Europe/Berlin' } },
      ['window 30 days → calendar month in Europe/Berlin'],
    ],
    ['where it is measured', { measuredAt: 'gateway' }, ['measured at the caller → gateway']],
    ['the service', { service: 'order' }, ['service payment → order']],
    ['the name', { displayName: null }, ['display name “Payment availability” → none']],
    ['the description', { description: 'Long text' }, ['description changed']],
    ['the owner', { owner: 'team-a' }, ['owner none → team-a']],
    ['the tier', { tier: 1 }, ['tier of the catalogue → 1']],
    ['the gap policy', { gapPolicy: 'bad' }, ['unknown time counts as unknown → bad']],
    ['the indicator', { indicator: threshold }, ['indicator ratio of events → value against a threshold']],
    [
      'the budgeting',
      { budgeting: { method: 'timeslices', sliceMs: 60_000, sliceTarget: 0.95 } },
      ['budgeting events → slices of 1 min with 95 % good'],
    ],
    ['alerts of its own', { alerting: alerting([tier(10)]) }, ['burn alerts the usual ones → its own']],
    ['no alerts', { alerting: alerting([]) }, ['burn alerts the usual ones → none']],
    ['labels', { labels: { team: 'a' } }, ['label team added: a']],
    ['two things', { target: 0.99, policy: 'strict' }, ['target 99.9 % → 99 %', 'policy default → strict']],
  ])('is said of %s', (_, change, said) => {
    expect(describeChanges(before, aDefinition(change))).toEqual(said);
  });

  test('is said of each expression, cut where it is long', () => {
    const indicator = { ...before.indicator, total: `m{a="${'x'.repeat(300)}"}` } as Indicator;
    const [said = ''] = describeChanges(before, aDefinition({ indicator }));
    expect(said).toMatch(/^all events http_requests_total → m\{a="x+…$/);
    expect(said.length).toBeLessThan(250);
  });

  test('is said of each burn alert', () => {
    const [was, is] = [
      aDefinition({ alerting: alerting([tier(14.4), tier(6, 6 * hourMs), tier(3, 24 * hourMs)]) }),
      aDefinition({ alerting: alerting([tier(10), tier(3, 24 * hourMs), tier(1, 72 * hourMs)]) }),
    ];
    expect(describeChanges(was, is)).toEqual([
      'burn alert page 1 h/5 min 14.4× → 10×',
      'burn alert page 3 d/6 h added at 1×',
      'burn alert page 6 h/30 min removed',
    ]);
  });

  test('takes labels by names that objects have anyway', () => {
    const labels = JSON.parse('{"constructor": "a", "__proto__": "b"}') as Record<string, string>;
    expect(describeChanges(before, aDefinition({ labels }))).toEqual([
      'label __proto__ added: b',
      'label constructor added: a',
    ]);
  });

  test('is never silent: definitions that differ have a sentence, equal ones none', () => {
    const part = fc.record<Partial<SloDefinition>>(
      {
        target: fc.constantFrom(0.9, 0.99, 0.999),
        owner: fc.constantFrom(null, 'a', 'b'),
        description: fc.constantFrom(null, 'a'),
        labels: fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('x', 'y')),
        window: fc.constantFrom(
          { kind: 'rolling', days: 7 },
          { kind: 'calendar', unit: 'week', timeZone: 'UTC' },
          { kind: 'calendar', unit: 'week', timeZone: 'Europe/Berlin' },
        ),
        alerting: fc.record({
          tiers: fc.constantFrom(null, [], [tier(1)], [tier(2)], [tier(1), tier(2, 2 * hourMs)]),
          minFailures: fc.constantFrom(0, 10),
          absentPages: fc.constantFrom(null, true, false),
        }),
        indicator: fc.constantFrom(before.indicator, threshold, { ...threshold, value: 0.5 }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(part, part, (a, b) => {
        const [was, is] = [aDefinition(a), aDefinition(b)];
        expect(describeChanges(was, is).length > 0).toBe(!isSameDefinition(was, is));
        const reordered = Object.fromEntries(Object.entries(was).reverse()) as SloDefinition;
        expect(describeChanges(was, reordered)).toEqual([]);
      }),
    );
  });
});

describe('the buckets of a definition', () => {
  test.each<[boolean, Partial<SloDefinition>]>([
    [true, { indicator: threshold }],
    [true, { budgeting: { method: 'ratioTimeslices', sliceMs: 60_000 } }],
    [true, { environment: 'staging' }],
    [false, { target: 0.9 }],
    [false, { window: { kind: 'rolling', days: 7 } }],
    [false, { gapPolicy: 'bad', service: 'order', labels: { a: 'b' }, alerting: alerting([]) }],
  ])('hold no more: %s after %j', (differently, change) => {
    expect(measuresDifferently(before, aDefinition(change))).toBe(differently);
  });
});
