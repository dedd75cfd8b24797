import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { criticalPathOf, criticalTimes } from './critical-path-rules.ts';
import { flameOf } from './flame-rules.ts';
import { selfTimes } from './self-time-rules.ts';
import { serviceGraphOf } from './service-graph-rules.ts';
import { skewOf } from './skew-rules.ts';
import { statisticsOf } from './statistics-rules.ts';
import { anyRows, type Built, built, builtOf, cpuMs, largeTrace, type Sketch, wellFormed } from './testing/rows.ts';

const ms = 1e6;
const times = ({ spans }: Built) => ({ offset: spans.offset, duration: spans.duration });

describe('self time', () => {
  const selfOf = (sketches: Sketch[]) => {
    const trace = built(sketches);
    return (id: string) => (selfTimes(times(trace), trace.tree)[trace.at(id)] as number) / ms;
  };

  test.each<[string, Sketch[], number]>([
    ['alone is the duration', [], 10],
    ['lacks what a child takes', [{ id: 'b', from: 2, for: 3 }], 7],
    [
      'counts children that run at once once',
      [
        { id: 'b', from: 2, for: 4 },
        { id: 'c', from: 3, for: 4 },
      ],
      5,
    ],
    [
      'counts a child within another once',
      [
        { id: 'b', from: 2, for: 6 },
        { id: 'c', from: 3, for: 1 },
      ],
      4,
    ],
    ['cuts what outlives it', [{ id: 'b', from: 8, for: 100 }], 8],
    ['cuts what begins before it', [{ id: 'b', from: -5, for: 6 }], 9],
    ['ignores what runs elsewhere', [{ id: 'b', from: 20, for: 5 }], 10],
    ['is 0 at least', [{ id: 'b', from: -5, for: 50 }], 0],
  ])('%s', (_, children, expected) => {
    expect(selfOf([{ id: 'a', for: 10 }, ...children.map((child) => ({ parent: 'a', ...child }))])('a')).toBe(expected);
  });

  test('lies between 0 and the duration, whatever a source sends', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const trace = builtOf(rows);
        for (const [span, self] of selfTimes(times(trace), trace.tree).entries()) {
          expect(self).toBeGreaterThanOrEqual(0);
          expect(self).toBeLessThanOrEqual(trace.spans.duration[span] as number);
        }
      }),
    );
  });
});

describe('the critical path', () => {
  const pathOf = (sketches: Sketch[]) => {
    const trace = built(sketches);
    const { span, fromNs, toNs } = criticalPathOf({ ...times(trace), kind: trace.spans.kind }, trace.tree);
    return Array.from(span, (one, index) => {
      const name = trace.names[trace.spans.name[one] as number];
      return `${name} ${(fromNs[index] as number) / ms}–${(toNs[index] as number) / ms}`;
    });
  };

  test.each<[string, Sketch[], string[]]>([
    ['of one span is that span', [{ id: 'a', for: 10 }], ['a 0–10']],
    [
      'goes through children one after the other',
      [
        { id: 'a', for: 10 },
        { id: 'b', parent: 'a', from: 1, for: 2 },
        { id: 'c', parent: 'a', from: 5, for: 3 },
      ],
      ['a 0–1', 'b 1–3', 'a 3–5', 'c 5–8', 'a 8–10'],
    ],
    [
      'takes of children at once the last to end',
      [
        { id: 'a', for: 10 },
        { id: 'b', parent: 'a', from: 1, for: 4 },
        { id: 'c', parent: 'a', from: 2, for: 7 },
      ],
      ['a 0–2', 'c 2–9', 'a 9–10'],
    ],
    [
      'goes down and comes back',
      [
        { id: 'a', for: 10 },
        { id: 'b', parent: 'a', from: 1, for: 8 },
        { id: 'c', parent: 'b', from: 2, for: 3 },
      ],
      ['a 0–1', 'b 1–2', 'c 2–5', 'b 5–9', 'a 9–10'],
    ],
    [
      'goes into a server until its client gives up',
      [
        { id: 'a', for: 10, kind: 'client' },
        { id: 'b', parent: 'a', from: 1, for: 20, kind: 'server', service: 'b' },
      ],
      ['a 0–1', 'b 1–10'],
    ],
    [
      'leaves out a child that outlives its parent',
      [
        { id: 'a', for: 10 },
        { id: 'b', parent: 'a', from: 1, for: 20 },
      ],
      ['a 0–10'],
    ],
    [
      'keeps a child that outlives it by what clocks differ',
      [
        { id: 'a', for: 1_000 },
        { id: 'b', parent: 'a', from: 100, for: 900.5 },
      ],
      ['a 0–100', 'b 100–1000'],
    ],
    [
      'leaves out what a consumer does, and what is below a producer',
      [
        { id: 'a', for: 10 },
        { id: 'send', parent: 'a', from: 1, for: 1, kind: 'producer' },
        { id: 'take', parent: 'send', from: 1, for: 1, kind: 'consumer' },
        { id: 'other', parent: 'a', from: 4, for: 4, kind: 'consumer' },
      ],
      ['a 0–1', 'send 1–2', 'a 2–10'],
    ],
    [
      'cuts what begins before its parent',
      [
        { id: 'a', for: 10 },
        { id: 'b', parent: 'a', from: -2, for: 5 },
      ],
      ['b 0–3', 'a 3–10'].map((part) =>
        part.replace(/\d+–\d+/, (range) => range.replace(/\d+/g, (n) => String(Number(n) + 2))),
      ),
    ],
    [
      'is of the longest of several roots',
      [
        { id: 'a', for: 3 },
        { id: 'b', from: 1, for: 8 },
      ],
      ['b 1–9'],
    ],
    ['of nothing is nothing', [], []],
  ])('%s', (_, sketches, expected) => {
    expect(pathOf(sketches)).toEqual(expected);
  });

  test('fills the longest root end to end, whatever a source sends', () => {
    fc.assert(
      fc.property(fc.oneof(anyRows, wellFormed), (rows) => {
        const trace = builtOf(rows);
        const { span, fromNs, toNs } = criticalPathOf({ ...times(trace), kind: trace.spans.kind }, trace.tree);
        const longest = Math.max(0, ...Array.from(trace.tree.roots, (root) => trace.spans.duration[root] as number));
        if (longest === 0) {
          expect(span.length).toBe(0);
          return;
        }
        for (let index = 0; index < span.length; index += 1) {
          expect(toNs[index] as number).toBeGreaterThan(fromNs[index] as number);
          if (index > 0) expect(fromNs[index]).toBe(toNs[index - 1]);
        }
        expect((toNs.at(-1) as number) - (fromNs[0] as number)).toBeCloseTo(longest, -1);
        const spent = criticalTimes({ span, fromNs, toNs }, trace.tree.size);
        expect(spent.reduce((sum, one) => sum + one, 0)).toBeCloseTo(longest, -1);
      }),
    );
  });
});

describe('clock skew', () => {
  const movedIn = (sketches: Sketch[]) => {
    const trace = built(sketches);
    const skew = skewOf(trace.spans, trace.tree);
    return { of: (id: string) => (skew.shift[trace.at(id)] as number) / ms, skew, trace };
  };
  const call: Sketch[] = [
    { id: 'root', for: 100 },
    { id: 'call', parent: 'root', from: 10, for: 20, kind: 'client' },
  ];

  test.each<[string, Sketch, number]>([
    ['leaves a child that lies within', { id: 'served', from: 12, for: 10 }, 0],
    ['leaves one that begins early by little', { id: 'served', from: 8.5, for: 10 }, 0],
    ['puts an early one into the middle', { id: 'served', from: 2, for: 10 }, 13],
    ['puts a late one into the middle', { id: 'served', from: 60, for: 10 }, -45],
    ['moves a longer one only so far that it does not begin before', { id: 'served', from: 4, for: 50 }, 6],
    ['leaves a longer one that begins after', { id: 'served', from: 15, for: 50 }, 0],
    ['leaves one that ends late by little', { id: 'served', from: 13, for: 18 }, 0],
    ['leaves a late consumer', { id: 'served', from: 60, for: 10, kind: 'consumer' }, 0],
    ['moves an early consumer to the start of what sent it', { id: 'served', from: 4, for: 10, kind: 'consumer' }, 6],
  ])('%s', (_, child, expected) => {
    const { of } = movedIn([...call, { parent: 'call', service: 'b', kind: 'server', ...child }]);
    expect([of('root'), of('call'), of('served')]).toEqual([0, 0, expected]);
  });

  test('moves what is below along, and tells by which service', () => {
    const { of, skew, trace } = movedIn([
      ...call,
      { id: 'served', parent: 'call', service: 'b', kind: 'server', from: 2, for: 10 },
      { id: 'inner', parent: 'served', service: 'b', from: 3, for: 2 },
      { id: 'back', parent: 'inner', service: 'a', from: 16.5, for: 1 },
    ]);
    expect([of('inner'), of('back')]).toEqual([13, 0]);
    expect(skew.services).toEqual([
      { service: trace.services.indexOf('b'), spans: 2, leastNs: 13 * ms, mostNs: 13 * ms },
    ]);
  });

  test('leaves a trace that is as it should be', () => {
    fc.assert(
      fc.property(wellFormed, (rows) => {
        const { spans, tree } = builtOf(rows);
        expect(skewOf(spans, tree).services).toEqual([]);
      }),
    );
  });

  test('leaves no called span before its caller by more than 2 ms, whatever a source sends', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const { spans, tree } = builtOf(rows);
        const { offset, fromNs, toNs } = skewOf(spans, tree);
        for (let span = 0; span < tree.size; span += 1) {
          const above = tree.parent[span] as number;
          expect(offset[span]).toBeGreaterThanOrEqual(fromNs);
          expect((offset[span] as number) + (spans.duration[span] as number)).toBeLessThanOrEqual(toNs);
          if (above < 0 || spans.service[span] === spans.service[above]) continue;
          expect((offset[span] as number) - (offset[above] as number)).toBeGreaterThanOrEqual(
            -1e-3 * Math.abs(offset[above] as number) - 2_000_001,
          );
        }
      }),
    );
  });
});

describe('statistics', () => {
  test('count spans, errors and times by service and operation, the most self time first', () => {
    const trace = built([
      { id: 'a', for: 100 },
      ...Array.from({ length: 20 }, (_, index) => ({
        id: `q${index}`,
        name: 'query',
        parent: 'a',
        service: 'b',
        from: index,
        for: index + 1,
        status: index === 3 ? ('error' as const) : ('unset' as const),
      })),
    ]);
    const { services, operations } = statisticsOf(trace, selfTimes(times(trace), trace.tree));
    expect(services).toMatchObject([
      { service: 'b', name: null, count: 20, errors: 1, totalNs: 210 * ms, selfNs: 210 * ms },
      { service: 'a', name: null, count: 1, errors: 0, totalNs: 100 * ms, selfNs: 61 * ms },
    ]);
    expect(operations[0]).toMatchObject({ name: 'query', p50Ns: 10 * ms, p95Ns: 19 * ms, maxNs: 20 * ms });
  });

  test('add up, whatever a source sends', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const trace = builtOf(rows);
        const { services, operations } = statisticsOf(trace, selfTimes(times(trace), trace.tree));
        for (const part of [services, operations]) {
          expect(part.reduce((sum, { count }) => sum + count, 0)).toBe(trace.tree.size);
          expect(part.reduce((sum, { errors }) => sum + errors, 0)).toBe(trace.errorCount);
          for (const { p50Ns, p95Ns, maxNs } of part) {
            expect(p50Ns).toBeLessThanOrEqual(p95Ns);
            expect(p95Ns).toBeLessThanOrEqual(maxNs);
          }
        }
      }),
    );
  });
});

test('the services of a trace and their calls', () => {
  const trace = built([
    { id: 'in', for: 10 },
    { id: 'call', parent: 'in', from: 1, for: 5, kind: 'client' },
    { id: 'serve', parent: 'call', from: 2, for: 3, kind: 'server', service: 'b', status: 'error' },
    { id: 'take', parent: 'in', from: 7, for: 20, kind: 'consumer', service: 'c' },
  ]);
  const { nodes, edges } = serviceGraphOf(trace.spans, trace.tree, selfTimes(times(trace), trace.tree));
  const name = (service: number) => trace.services[service];
  expect(nodes.map(({ service, spans, errors, selfNs }) => [name(service), spans, errors, selfNs / ms])).toEqual([
    ['a', 2, 0, 4],
    ['b', 1, 1, 3],
    ['c', 1, 0, 20],
  ]);
  expect(edges.map(({ from, to, calls, errors, async }) => [name(from), name(to), calls, errors, async])).toEqual([
    ['a', 'b', 1, 1, false],
    ['a', 'c', 1, 0, true],
  ]);
});

describe('a flame graph', () => {
  test('has a row below for each level, and rows beside for what runs at once', () => {
    const trace = built([
      { id: 'a', for: 10 },
      { id: 'b', parent: 'a', from: 1, for: 5 },
      { id: 'b1', parent: 'b', from: 2, for: 2 },
      { id: 'c', parent: 'a', from: 3, for: 5 },
      { id: 'd', parent: 'a', from: 8, for: 1 },
    ]);
    const { lane, lanes } = flameOf(times(trace), trace.tree);
    expect(['a', 'b', 'b1', 'c', 'd'].map((id) => lane[trace.at(id)])).toEqual([0, 1, 2, 3, 1]);
    expect(lanes).toBe(4);
  });

  test('puts no two spans over each other and none above its parent, whatever a source sends', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const trace = builtOf(rows);
        const { lane, lanes, fromNs, toNs } = flameOf(times(trace), trace.tree);
        for (let span = 0; span < trace.tree.size; span += 1) {
          const above = trace.tree.parent[span] as number;
          expect(lane[span]).toBeLessThan(lanes);
          if (above >= 0) expect(lane[span]).toBeGreaterThan(lane[above] as number);
          for (let other = 0; other < span; other += 1) {
            if (lane[span] !== lane[other]) continue;
            const apart =
              (fromNs[span] as number) >= (toNs[other] as number) ||
              (fromNs[other] as number) >= (toNs[span] as number);
            expect(apart).toBe(true);
          }
        }
      }),
    );
  });
});

test.each(['chain', 'flat', 'wide', 'bushy'] as const)(
  '100,000 spans in a %s are read without recursion and in time',
  (shape) => {
    const trace = builtOf(largeTrace(100_000, shape));
    const began = cpuMs();
    const self = selfTimes(times(trace), trace.tree);
    const { offset } = skewOf(trace.spans, trace.tree);
    const path = criticalPathOf({ ...times(trace), kind: trace.spans.kind }, trace.tree);
    const flame = flameOf(times(trace), trace.tree);
    const { operations } = statisticsOf(trace, self);
    serviceGraphOf(trace.spans, trace.tree, self);
    expect(cpuMs() - began).toBeLessThan(5_000); // quadratic work would take minutes
    expect([self.length, offset.length, flame.lane.length]).toEqual([100_000, 100_000, 100_000]);
    expect(path.span.length).toBeGreaterThan(0);
    expect(operations.length).toBeGreaterThan(0);
  },
  60_000,
);
