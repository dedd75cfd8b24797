import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { whatDiffers } from './analysis-rules.ts';
import type { AnalyzedTrace } from './analysis-schemas.ts';
import { leftOutBecause } from './attribute-kinds-rules.ts';
import { parseFilter } from './filter-rules.ts';
import { type Attributes, comparedAttribute, type JsonValue } from './schemas.ts';
import { spanOf } from './testing/memory-source.ts';
import { cpuMs } from './testing/rows.ts';
import { byOutcome, seeded, shopSpans } from './testing/traces.ts';

const names = ({ attributes }: ReturnType<typeof whatDiffers>) =>
  attributes.map(({ service, key }) => (service === null ? key : `${service} ${key}`));

/** Traces of one span each. */
const plain = (all: { [key: string]: JsonValue | undefined }[], resource: Attributes = {}): AnalyzedTrace[] =>
  all.map((attributes, index) => ({
    traceId: String(index),
    spans: [spanOf({ traceId: String(index), attributes: attributes as Attributes, resource })],
  }));
const many = (count: number, make: (index: number) => { [key: string]: JsonValue | undefined }) =>
  plain(Array.from({ length: count }, (_, index) => make(index)));

describe('what differs', () => {
  test('names the route and the replica that a fault hits, first', () => {
    const spans = shopSpans({
      traces: 600,
      fails: ({ route, replica }) => route === 'POST /charges' && replica === 'payment-2',
    });
    const { failing, ok } = byOutcome(spans);
    const found = whatDiffers(failing, ok);
    expect(names(found)[0]).toBe('payment route on replica');
    expect(names(found).slice(1, 4).toSorted()).toEqual([
      'payment http.route',
      'payment operation',
      'payment service.instance.id',
    ]);
    expect(found.attributes[0]).toMatchObject({ score: 1, symptom: false });
    expect(found.attributes[0]?.values[0]).toMatchObject({
      value: 'POST /charges on payment-2',
      selectionRatio: 1,
      baselineRatio: 0,
    });
    const route = found.attributes.find(({ key, service }) => key === 'http.route' && service === 'payment');
    expect(route?.values[0]).toMatchObject({
      value: '/charges',
      selectionRatio: 1,
      filter: 'span.http.route=/charges',
    });
    expect(route?.score).toBeGreaterThan(0.5);
    const noise = found.attributes.filter(({ key }) => /currency|items|user|address/.test(key));
    for (const { score } of noise) expect(score).toBeLessThan(0.3);
  });

  test('tells symptoms last, however much they differ', () => {
    const { failing, ok } = byOutcome(shopSpans({ traces: 400, fails: ({ version }) => version === '4.2.0' }));
    const { attributes } = whatDiffers(failing, ok);
    const first = attributes.findIndex(({ symptom }) => symptom);
    expect(attributes.slice(first).every(({ symptom }) => symptom)).toBe(true);
    expect(attributes.slice(first).map(({ key }) => key)).toContain('http.response.status_code');
    expect(attributes[0]).toMatchObject({ service: 'payment', key: 'service.version' });
  });

  test('leaves out identifiers, ports, times and what is nearly unique', () => {
    const { failing, ok } = byOutcome(shopSpans({ traces: 400, fails: ({ version }) => version === '4.2.0' }));
    const { leftOut, attributes } = whatDiffers(failing, ok);
    expect(leftOut).toEqual([
      { key: 'network.peer.port', reason: 'nearly_unique' },
      { key: 'order.id', reason: 'identifier' },
      { key: 'process.pid', reason: 'identifier' },
      { key: 'request.time', reason: 'nearly_unique' },
    ]);
    for (const { key } of leftOut) expect(attributes.map((one) => one.key)).not.toContain(key);
  });

  test('counts a trace once, however many of its spans have a value', () => {
    const one = spanOf({ traceId: 'a', attributes: { cache: 'miss' }, resource: {} });
    const selection = Array.from({ length: 6 }, (_, index) => ({
      traceId: String(index),
      spans: [one, { ...one }, one],
    }));
    const { attributes } = whatDiffers(
      selection,
      many(6, () => ({ cache: 'hit' })),
    );
    expect(attributes).toMatchObject([{ key: 'cache', selection: 6, baseline: 6, score: 1 }]);
    expect(attributes[0]?.values).toEqual([
      { value: 'miss', selection: 6, baseline: 0, selectionRatio: 1, baselineRatio: 0, filter: 'span.cache=miss' },
      { value: 'hit', selection: 0, baseline: 6, selectionRatio: 0, baselineRatio: 1, filter: 'span.cache=hit' },
    ]);
  });

  test('takes shares of the traces that have the attribute, and says how many that are', () => {
    const selection = many(100, (index) => (index < 20 ? { tier: index < 10 ? 'gold' : 'blue' } : {}));
    const baseline = many(100, (index) => (index < 50 ? { tier: index < 5 ? 'gold' : 'blue' } : {}));
    const [first] = whatDiffers(selection, baseline).attributes;
    expect(first).toMatchObject({ key: 'tier', selection: 20, baseline: 50, score: 0.4 });
  });

  test('tells that an attribute is there at all where that differs more', () => {
    const selection = many(50, () => ({ 'feature.new_checkout': true, steady: 1 }));
    const baseline = many(50, (index) => (index < 10 ? { 'feature.new_checkout': true, steady: 1 } : { steady: 1 }));
    const { attributes } = whatDiffers(selection, baseline);
    expect(attributes).toMatchObject([{ key: 'feature.new_checkout', score: 0.8, selection: 50, baseline: 50 }]);
    expect(attributes[0]?.values[0]).toMatchObject({ value: 'true', filter: 'span.feature.new_checkout=true' });
  });

  test('names no value for one that has several where its being there differs', () => {
    const selection = many(50, (index) => ({ coupon: index % 2 ? 'spring' : 'autumn', steady: 1 }));
    const baseline = many(50, (index) => (index < 6 ? { coupon: index % 2 ? 'spring' : 'autumn' } : { steady: 1 }));
    const found = whatDiffers(selection, baseline).attributes.find(({ key }) => key === 'coupon');
    expect(found?.values[0]).toMatchObject({ value: '(there)', filter: 'span.coupon', selectionRatio: 1 });
  });

  test('tells of attributes that come and go together once', () => {
    const extra = { a: 1, b: 2, c: 3 };
    const { attributes } = whatDiffers(
      many(50, () => extra),
      many(50, (index) => (index < 10 ? extra : { other: 1 })),
    );
    const told = attributes.filter(({ values }) => values.some(({ value }) => value === '(not there)'));
    expect(told.map(({ key }) => key)).toContain('a');
    expect(told.map(({ key }) => key)).not.toEqual(expect.arrayContaining(['b']));
    expect(told.map(({ key }) => key)).not.toEqual(expect.arrayContaining(['c']));
  });

  test('compares numbers of many values by ranges', () => {
    const random = seeded(7);
    const selection = many(300, () => ({ 'payload.bytes': 9_000 + Math.floor(random() * 1_000) }));
    const baseline = many(300, () => ({ 'payload.bytes': Math.floor(random() * 10_000) }));
    const [first] = whatDiffers(selection, baseline).attributes;
    expect(first).toMatchObject({ key: 'payload.bytes', symptom: false });
    expect(first?.score).toBeGreaterThan(0.8);
    expect(first?.values.length).toBe(8);
    for (const { value, filter } of first?.values ?? []) {
      expect(value).toMatch(/^(≤ \d+|> \d+( to \d+)?)$/);
      expect(filter).toBe(null);
    }
    const sum = (side: 'selection' | 'baseline') => first?.values.reduce((total, value) => total + value[side], 0);
    expect([sum('selection'), sum('baseline')]).toEqual([300, 300]);
  });

  test('names eight values and counts the others', () => {
    const selection = many(200, (index) => ({ shop: `s${index % 12}` }));
    const { attributes } = whatDiffers(
      selection,
      many(200, () => ({ shop: 's1' })),
    );
    expect(attributes[0]?.values.length).toBe(8);
    expect(attributes[0]?.values[0]?.value).toBe('s1');
    expect(attributes[0]?.others).toMatchObject({ values: 4 });
  });

  test('leaves alone what too few traces have', () => {
    const rare = (count: number) => many(100, (index) => (index < count ? { rare: 'x' } : { common: 'y' }));
    expect(names(whatDiffers(rare(2), rare(3)))).not.toContain('order rare');
  });

  test('of nothing is nothing', () => {
    expect(
      whatDiffers(
        [],
        many(5, () => ({ a: 1 })),
      ),
    ).toEqual({ attributes: [], leftOut: [] });
    expect(
      whatDiffers(
        many(5, () => ({ a: 1 })),
        [],
      ),
    ).toEqual({ attributes: [], leftOut: [] });
  });

  test('is the same whatever the order of the traces, within its shapes', () => {
    const value = fc.oneof(
      fc.string({ maxLength: 3 }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.nat(), { maxLength: 2 }),
    );
    const attributes = fc.dictionary(fc.constantFrom('a', 'b', 'c.id', '__proto__', 'x y'), value);
    const cohort = fc.array(attributes, { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(cohort, cohort, (a, b) => {
        const [selection, baseline] = [plain(a as Attributes[]), plain(b as Attributes[])];
        const found = whatDiffers(selection, baseline);
        expect(whatDiffers(selection.toReversed(), baseline.toReversed())).toEqual(found);
        for (const attribute of found.attributes) {
          expect(comparedAttribute.safeParse(attribute).error?.issues ?? []).toEqual([]);
          for (const { filter } of attribute.values)
            if (filter !== null) expect(typeof parseFilter(filter)).toBe('object');
        }
      }),
    );
  });

  test('of 2 × 1,000 traces of 40 spans is had in time', () => {
    const spans = shopSpans({ traces: 2_000, fails: ({ route }) => route === 'POST /charges' });
    const copies = byOutcome(spans);
    const wide = ({ traceId, spans: own }: AnalyzedTrace) => ({
      traceId,
      spans: Array.from({ length: 8 }, () => own).flat(),
    });
    const [failing, ok] = [copies.failing.map(wide), copies.ok.map(wide)];
    const began = cpuMs();
    whatDiffers(failing, ok);
    expect(cpuMs() - began).toBeLessThan(2_000);
  }, 60_000);
});

describe('an attribute is left out', () => {
  const seen = (key: string, examples: string[], more = {}) =>
    leftOutBecause({ key, examples, distinct: examples.length, total: examples.length, isNumeric: false, ...more });
  const some = (count: number, make: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => make(index));
  test.each<[string, string[], object, 'identifier' | 'nearly_unique' | null]>([
    ['trace.id', ['a', 'b'], {}, 'identifier'],
    ['process.pid', ['1', '2'], {}, 'identifier'],
    ['order.id', some(40, String), {}, 'identifier'],
    ['user.id', some(10, String), { total: 100 }, null],
    ['cart', some(30, (n) => `0a1b2c3d4e5f60718293a4b5c6d7e8${10 + n}`), {}, 'identifier'],
    ['service.instance.id', some(30, (n) => `0a1b2c3d4e5f60718293a4b5c6d7e8${10 + n}`), {}, null],
    ['comment', some(40, (n) => `text ${n}`), {}, 'nearly_unique'],
    ['comment', some(10, (n) => `text ${n}`), {}, null],
    ['payload.bytes', some(40, String), { isNumeric: true }, null],
    ['created_at', some(40, (n) => `2026-11-21T12:00:${10 + n}Z`), {}, 'nearly_unique'],
    ['sent.time', some(40, (n) => String(1_795_262_395_679 + n)), { isNumeric: true }, 'nearly_unique'],
    ['amount', some(40, (n) => String(1_795_262_395 + n)), { isNumeric: true }, null],
    ['http.route', ['/a', '/b'], {}, null],
  ])('%s', (key, examples, more, expected) => {
    expect(seen(key, examples, more)).toBe(expected);
  });
});
