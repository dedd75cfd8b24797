import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnsOf } from './columns-rules.ts';
import { spanColumns } from './schemas.ts';
import { anyRows, built, builtOf, cpuMs, largeTrace, rowOf, spanIdOf, startNs } from './testing/rows.ts';
import { treeOf } from './tree-rules.ts';

const flawsOf = (kinds: { kind: string; text: string }[]) => kinds.map(({ kind, text }) => `${kind}: ${text}`);

describe('a trace in columns', () => {
  test('is sorted by start and then by id, with times since the start', () => {
    const {
      spans,
      startNs: start,
      durationNs,
      services,
      names,
      depth,
      errorCount,
      flaws,
    } = built([
      { id: 'late', parent: 'root', from: 5, for: 2, service: 'b', status: 'error' },
      { id: 'root', from: 0, for: 10 },
      { id: 'early', parent: 'root', from: 5, for: 1 },
    ]);
    expect(spans).toMatchObject({
      id: ['root', 'early', 'late'].map(spanIdOf),
      parent: [-1, 0, 0],
      service: [0, 0, 1],
      name: [0, 1, 2],
      status: [0, 0, 2],
      offset: [0, 5e6, 5e6],
      duration: [10e6, 1e6, 2e6],
    });
    expect({ start, durationNs, services, names, depth, errorCount, flaws }).toEqual({
      start: startNs,
      durationNs: 10e6,
      services: ['a', 'b'],
      names: ['root', 'early', 'late'],
      depth: 2,
      errorCount: 1,
      flaws: [],
    });
  });

  test('of nothing is nothing', () => {
    expect(columnsOf([])).toMatchObject({ durationNs: 0, depth: 0, errorCount: 0, flaws: [] });
  });

  test('says which parents are missing, and that there is no root', () => {
    const { spans, flaws, at } = built([
      { id: 'a', parent: 'gone' },
      { id: 'b', parent: 'a' },
    ]);
    expect(spans.parent).toEqual([-2, 0]);
    expect(flawsOf(flaws)).toEqual([
      'orphans: 1 span names a parent that is not here.',
      'no_root: The first span of the trace is not here.',
    ]);
    expect(flaws[0]?.spans).toEqual([at('a')]);
  });

  test('says that there are several roots', () => {
    expect(flawsOf(built([{ id: 'a' }, { id: 'b' }]).flaws)).toEqual(['several_roots: 2 spans have no parent.']);
  });

  test('cuts rings of parents at their first span', () => {
    const { spans, flaws, at, depth } = built([
      { id: 'x', parent: 'z', from: 2 },
      { id: 'y', parent: 'x', from: 1 },
      { id: 'z', parent: 'y', from: 3 },
      { id: 'self', parent: 'self', from: 4 },
      { id: 'below', parent: 'z', from: 5 },
    ]);
    expect(spans.parent[at('y')]).toBe(-1);
    expect(spans.parent[at('z')]).toBe(at('y'));
    expect(spans.parent[at('self')]).toBe(-1);
    expect(depth).toBe(3);
    expect(flaws).toEqual([
      {
        kind: 'cycle',
        text: "2 rings of spans that are each other's parents: cut at the first to start.",
        spans: [at('y'), at('self')],
      },
    ]);
  });

  test('keeps what was sent twice once, and different spans of one id both', () => {
    const twice = { id: 'client', parent: 'root', service: 'a', kind: 'client' as const, from: 1 };
    const { spans, flaws, services } = built([
      { id: 'root', for: 10 },
      twice,
      twice,
      { ...twice, service: 'b', kind: 'server', from: 2 },
      { id: 'in-a', parent: 'client', service: 'a', from: 3 },
      { id: 'in-b', parent: 'client', service: 'b', from: 4 },
    ]);
    expect(spans.id.length).toBe(5);
    const parentOf = (service: string) =>
      spans.service[spans.parent[spans.service.findLastIndex((one) => services[one] === service)] as number];
    expect([parentOf('a'), parentOf('b')]).toEqual([services.indexOf('a'), services.indexOf('b')]);
    expect(flawsOf(flaws)).toEqual([
      'duplicate_ids: 2 spans share their id with another; 1 span came more than once and is shown once.',
    ]);
  });

  test('draws a span that ends before it starts without a length', () => {
    const { spans, flaws, at } = built([
      { id: 'a', for: 5 },
      { id: 'b', parent: 'a', for: -3 },
    ]);
    expect(spans.duration[at('b')]).toBe(0);
    expect(flawsOf(flaws)).toEqual(['negative_duration: 1 span ends before the start: drawn without a length.']);
  });

  test.each([
    ['1970', 0n],
    ['2200', 7_258_118_400_000_000_000n],
    ['no year that there is', -(10n ** 30n)],
  ])('draws a span of %s at the start of the trace', (year, start) => {
    const {
      spans,
      flaws,
      startNs: origin,
      durationNs,
    } = builtOf([rowOf({ id: 'a', for: 5 }), { ...rowOf({ id: 'b', parent: 'a', from: 1 }), startNs: start }]);
    expect(spans.offset).toEqual([0, 0]);
    expect([origin, durationNs]).toEqual([startNs, 5e6]);
    expect(flawsOf(flaws)).toEqual([`odd_time: 1 span has a time that cannot be (one starts in ${year}).`]);
  });

  test('keeps the times of a trace that is wholly of 1970', () => {
    const {
      spans,
      startNs: origin,
      flaws,
    } = builtOf([
      { ...rowOf({ id: 'a' }), startNs: 0n },
      { ...rowOf({ id: 'b', parent: 'a' }), startNs: 500n },
    ]);
    expect([origin, spans.offset]).toEqual([0n, [0, 500]]);
    expect(flaws.map(({ kind }) => kind)).toEqual(['odd_time']);
  });

  test('takes whatever a source sends', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const { spans, durationNs, flaws, depth, errorCount } = columnsOf(rows);
        expect(spanColumns.safeParse(spans).error?.issues ?? []).toEqual([]);
        const size = spans.id.length;
        expect(size).toBeLessThanOrEqual(rows.length);
        expect(new Set(rows.map(({ spanId }) => spanId))).toEqual(new Set(spans.id));
        expect(errorCount).toBeLessThanOrEqual(size);
        expect(depth).toBeLessThanOrEqual(size);
        for (let span = 0; span < size; span += 1) {
          const offset = spans.offset[span] as number;
          expect(spans.duration[span]).toBeGreaterThanOrEqual(0);
          expect(offset).toBeGreaterThanOrEqual(spans.offset[span - 1] ?? 0);
          expect(offset + (spans.duration[span] as number)).toBeLessThanOrEqual(durationNs);
          let steps = 0;
          for (let above = spans.parent[span] as number; above >= 0; above = spans.parent[above] as number) {
            steps += 1;
            expect(steps).toBeLessThanOrEqual(size);
          }
        }
        for (const { spans: named } of flaws) for (const span of named) expect(span).toBeLessThan(size);
      }),
    );
  });

  test('gives the same whatever the order that spans came in', () => {
    fc.assert(
      fc.property(
        anyRows.chain((rows) => fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length }))),
        ([rows, shuffled]) => {
          const unique = (all: typeof rows) =>
            all.filter((row, at) => all.findIndex((one) => one.spanId === row.spanId) === at);
          const ids = new Set(unique(rows));
          expect(columnsOf(shuffled.filter((row) => ids.has(row))).spans).toEqual(columnsOf(unique(rows)).spans);
        },
      ),
    );
  });
});

describe('a tree', () => {
  test('has every span once, parents first, subtrees in one piece, siblings by start', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const { tree, spans } = builtOf(rows);
        expect([...tree.order].sort((a, b) => a - b)).toEqual(spans.id.map((_, span) => span));
        expect(tree.roots.length + tree.children.length).toBe(tree.size);
        for (const [place, span] of tree.order.entries()) {
          expect(tree.position[span]).toBe(place);
          const above = tree.parent[span] as number;
          if (above >= 0) {
            const from = tree.position[above] as number;
            expect(place).toBeGreaterThan(from);
            expect(place).toBeLessThan(from + (tree.subtree[above] as number));
            expect(tree.depth[span]).toBe((tree.depth[above] as number) + 1);
          }
          const below = tree.children.subarray(tree.firstChild[span], tree.firstChild[span + 1]);
          expect([...below]).toEqual([...below].sort((a, b) => a - b));
          const errors = [...below].reduce((sum, child) => sum + (tree.errors[child] as number), 0);
          expect(tree.errors[span]).toBe(errors + (spans.status[span] === 2 ? 1 : 0));
        }
      }),
    );
  });

  test('hangs on no parents that make no sense', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 12 }), { maxLength: 10 }), (parent) => {
        const tree = treeOf({ parent, status: parent.map(() => 0) });
        expect([...tree.order].sort((a, b) => a - b)).toEqual(parent.map((_, span) => span));
      }),
    );
  });

  test.each(['chain', 'flat', 'wide'] as const)(
    'of 100,000 spans is built without recursion: %s',
    (shape) => {
      const { tree, depth } = builtOf(largeTrace(100_000, shape));
      expect(tree.size).toBe(100_000);
      expect(tree.subtree[0]).toBe(100_000);
      if (shape === 'chain') expect(depth).toBe(100_000);
    },
    60_000,
  );

  test('of 20,000 spans with one id is built in time', () => {
    const id = '1'.repeat(16);
    const rows = largeTrace(20_000, 'flat').map((row) => ({ ...row, spanId: id, parentSpanId: id }));
    const began = cpuMs();
    expect(builtOf(rows).tree.size).toBe(20_000);
    expect(cpuMs() - began).toBeLessThan(2_000);
  }, 60_000);
});
