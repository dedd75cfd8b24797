import fc from 'fast-check';
import { type BurnTier, type Indicator, reservedSloNames, type SloDefinition, type TimeWindow } from '../../schemas.ts';

const minuteMs = 60_000;
const printable = (maxLength: number) =>
  fc.string({ unit: 'grapheme', minLength: 1, maxLength }).filter((text) => text.trim() === text && text !== '');
const lines = fc.array(printable(40), { minLength: 1, maxLength: 4 }).map((all) => all.join('\n'));
const name = fc
  .stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/)
  .filter((text) => !reservedSloNames.includes(text));
const word = fc.stringMatching(/^[A-Za-z][\w]{0,12}$/);
/** As PromQL quotes it. */
const quoted = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .map((text) => `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}"`);

const matcher = fc.tuple(word, fc.constantFrom('=', '!='), quoted).map((parts) => parts.join(''));
const selector = fc
  .tuple(word, fc.array(matcher, { maxLength: 3 }))
  .map(([metric, matchers]) => `m_${metric}{${matchers.join(', ')}}`);
const counter = fc.oneof(
  selector,
  selector.map((one) => `sum(${one})`),
  selector.map((one) => `sum by (job) (rate(${one}[5m]))`),
  fc.tuple(selector, selector).map(([a, b]) => `sum(${a})\n  + sum(${b}) # both`),
  fc.tuple(selector, selector).map(([a, b]) => `sum(${a} or ${b})`),
  selector.map((one) => `histogram_fraction(0, 0.5, ${one})`),
);
const expression = fc.oneof(
  selector,
  fc.tuple(selector, selector).map(([a, b]) => `avg(${a}) /\n\n  avg(${b})`),
);

const ratio = (isCounter: boolean, query: fc.Arbitrary<string>): fc.Arbitrary<Indicator> =>
  fc.tuple(fc.boolean(), query, query).map(([isGood, part, total]) => ({
    kind: 'ratio',
    counter: isCounter,
    good: isGood ? part : null,
    bad: isGood ? null : part,
    total,
  }));

const indicator: fc.Arbitrary<Indicator> = fc.oneof(
  ratio(true, counter),
  ratio(false, expression),
  fc.record({ kind: fc.constant('raw' as const), type: fc.constantFrom('success', 'failure'), query: expression }),
  fc.record({
    kind: fc.constant('threshold' as const),
    query: expression,
    op: fc.constantFrom('lt', 'lte', 'gt', 'gte'),
    value: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  }),
);

const window: fc.Arbitrary<TimeWindow> = fc.oneof(
  fc.record({ kind: fc.constant('rolling' as const), days: fc.integer({ min: 1, max: 90 }) }),
  fc.record({
    kind: fc.constant('calendar' as const),
    unit: fc.constantFrom('week', 'month', 'quarter', 'year'),
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'America/Argentina/Ushuaia'),
  }),
);

const share = fc.double({ min: 0, max: 1, minExcluded: true, maxExcluded: true, noNaN: true });
const slice = fc.constantFrom(1, 5, 10, 15, 30, 60).map((minutes) => minutes * minuteMs);
const windows = [5, 30, 60, 120, 360, 1_440, 4_320].map((minutes) => minutes * minuteMs);
const tier: fc.Arbitrary<BurnTier> = fc
  .tuple(
    fc.constantFrom('page', 'ticket'),
    fc.subarray(windows, { minLength: 2, maxLength: 2 }),
    fc.integer({ min: 1, max: 30_000 }),
  )
  .map(([severity, [shortMs, longMs], tenths]) => ({
    severity,
    longMs: longMs as number,
    shortMs: shortMs as number,
    factor: tenths / 10,
  }));
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null });

/** Any definition that can be kept. */
export const definitions: fc.Arbitrary<SloDefinition> = fc.record({
  environment: fc.stringMatching(/^[\w.:/-]{1,20}$/),
  name,
  displayName: optional(printable(60)),
  description: optional(fc.oneof(printable(80), lines)),
  service: printable(40).filter((text) => /^\P{Cc}+$/u.test(text)),
  owner: optional(printable(40)),
  tier: optional(fc.integer({ min: 1, max: 4 })),
  category: fc.constantFrom('availability', 'latency', 'other'),
  labels: fc.dictionary(
    fc.stringMatching(/^[A-Za-z0-9](?:[\w.-]{0,20}[A-Za-z0-9])?$/).filter((key) => key !== '__proto__'),
    fc.string({ unit: 'grapheme', maxLength: 30 }),
    { maxKeys: 4, noNullPrototype: true },
  ),
  indicator,
  measuredAt: fc.constantFrom('caller', 'gateway', 'probe', 'service'),
  budgeting: fc.oneof(
    fc.constant({ method: 'occurrences' as const }),
    fc.record({ method: fc.constant('timeslices' as const), sliceMs: slice, sliceTarget: share }),
    fc.record({ method: fc.constant('ratioTimeslices' as const), sliceMs: slice }),
  ),
  window,
  target: share,
  gapPolicy: fc.constantFrom('unknown', 'good', 'bad'),
  policy: name,
  runbookUrl: optional(fc.webUrl({ withQueryParameters: true })),
  alerting: fc.record({
    tiers: optional(
      fc.uniqueArray(tier, {
        maxLength: 4,
        selector: ({ severity, longMs, shortMs }) => `${severity} ${longMs} ${shortMs}`,
      }),
    ),
    minFailures: fc.nat({ max: 999_999_999 }),
    absentPages: optional(fc.boolean()),
  }),
});
