import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldsOf, leastAlike } from './fold-rules.ts';
import { anyRows, built, builtOf, cpuMs, largeTrace, type Sketch } from './testing/rows.ts';
import {
  collapsedAt,
  failedSpans,
  groupAt,
  nextOf,
  revealed,
  spansNamed,
  type View,
  visibleRows,
} from './visible-rules.ts';

const ms = 1e6;
const open: View = { collapsed: new Set(), unfolded: new Set() };
const queries = (count: number, parent: string, more: Partial<Sketch> = {}): Sketch[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `${parent}q${index}`,
    name: 'query',
    parent,
    from: index + 1,
    for: index + 1,
    ...more,
  }));

describe('folds', () => {
  test('are siblings that are alike, with their times', () => {
    const trace = built([{ id: 'a', for: 100 }, ...queries(6, 'a'), { id: 'other', parent: 'a', from: 3.5 }]);
    const { groups, groupOf } = foldsOf(trace.spans, trace.tree);
    expect(groups).toMatchObject([
      { parent: 0, minNs: ms, medianNs: 3.5 * ms, maxNs: 6 * ms, fromNs: ms, toNs: 12 * ms },
    ]);
    expect(Array.from(groups[0]?.members ?? [], (span) => trace.names[trace.spans.name[span] as number])).toEqual(
      Array.from({ length: 6 }, () => 'query'),
    );
    expect(groupOf[trace.at('other')]).toBe(-1);
  });

  test('need five', () => {
    const trace = built([{ id: 'a', for: 100 }, ...queries(leastAlike - 1, 'a')]);
    expect(foldsOf(trace.spans, trace.tree).groups).toEqual([]);
  });

  test('leave what failed to be seen, itself or below', () => {
    const trace = built([
      { id: 'a', for: 100 },
      ...queries(8, 'a'),
      { id: 'failed', name: 'query', parent: 'a', from: 4.5, status: 'error' },
      ...queries(6, 'a', { name: 'call' }).map((call) => ({ ...call, id: call.id.replace('q', 'c') })),
      { id: 'below', parent: 'ac2', status: 'error' },
    ]);
    const { groups, groupOf } = foldsOf(trace.spans, trace.tree);
    expect(groups.map(({ members }) => members.length)).toEqual([5, 8]);
    expect([groupOf[trace.at('failed')], groupOf[trace.at('ac2')]]).toEqual([-1, -1]);
  });

  test('part shapes: what has other children is not alike', () => {
    const trace = built([
      { id: 'a', for: 100 },
      ...queries(5, 'a'),
      ...queries(5, 'a').map((one) => ({ ...one, id: one.id.replace('q', 'w') })),
      ...Array.from({ length: 5 }, (_, index) => ({ id: `x${index}`, name: 'inner', parent: `aw${index}`, from: 20 })),
    ]);
    const { groups } = foldsOf(trace.spans, trace.tree);
    expect(groups.map(({ members }) => members.length)).toEqual([5, 5]);
    expect(new Set(groups.flatMap(({ members }) => [...members])).size).toBe(10);
  });
});

describe('rows of a waterfall', () => {
  const trace = built([
    { id: 'a', for: 100 },
    ...queries(6, 'a'),
    { id: 'b', parent: 'a', from: 4.5, for: 10 },
    { id: 'c', parent: 'b', from: 5, for: 2, status: 'error' },
    { id: 'd', parent: 'b', from: 8, for: 2 },
  ]);
  const folds = foldsOf(trace.spans, trace.tree);
  const shown = (view: Partial<View>, folded: typeof folds | null = folds) => {
    const { rows, depth } = visibleRows(trace.tree, folded, { ...open, ...view });
    return Array.from(rows, (row, index) => {
      const group = groupAt(row);
      const name =
        group === null ? trace.names[trace.spans.name[row] as number] : `×${folds.groups[group]?.members.length}`;
      return `${' '.repeat(depth[index] as number)}${name}`;
    });
  };
  const query = ' query';

  test('fold what is alike', () => {
    expect(shown({})).toEqual(['a', ' ×6', ' b', '  c', '  d']);
  });
  test('keep the members of an open group together, below its row', () => {
    expect(shown({ unfolded: new Set([0]) })).toEqual(['a', ' ×6', ...Array(6).fill(query), ' b', '  c', '  d']);
  });
  test('stand by start without folds', () => {
    expect(shown({}, null)).toEqual(['a', ...Array(4).fill(query), ' b', '  c', '  d', query, query]);
  });
  test('hide what is below a closed span', () => {
    expect(shown({ collapsed: new Set([trace.at('b')]) })).toEqual(['a', ' ×6', ' b']);
    expect(shown({ collapsed: new Set([trace.at('a')]) })).toEqual(['a']);
  });
  test('are those that failed and those above them', () => {
    expect(shown({ onlyErrors: true })).toEqual(['a', ' b', '  c']);
  });
  test('end at a level', () => {
    expect(shown({ collapsed: collapsedAt(trace.tree, 1) })).toEqual(['a']);
    expect(shown({ collapsed: collapsedAt(trace.tree, 2) })).toEqual(['a', ' ×6', ' b']);
    expect(collapsedAt(trace.tree, 3)).toEqual(new Set());
  });

  test('show any span that is revealed, whatever is closed', () => {
    fc.assert(
      fc.property(
        fc.oneof(anyRows),
        fc.array(fc.nat(30)),
        fc.boolean(),
        fc.nat(40),
        (rows, closed, onlyErrors, wanted) => {
          const { tree, spans } = builtOf(rows);
          fc.pre(tree.size > 0);
          const some = foldsOf(spans, tree, 2);
          const span = wanted % tree.size;
          const view = revealed(tree, some, { collapsed: new Set(closed), unfolded: new Set(), onlyErrors }, span);
          const seen = visibleRows(tree, some, view).rows;
          expect(seen).toContain(span);
          expect(new Set(seen).size).toBe(seen.length);
        },
      ),
    );
  });

  test('are each span once where everything is open', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        const { tree, spans } = builtOf(rows);
        const some = foldsOf(spans, tree, 2);
        const unfolded = new Set(some.groups.keys());
        const { rows: seen } = visibleRows(tree, some, { ...open, unfolded });
        expect(Array.from(seen).filter((row) => row >= 0)).toEqual(Array.from(some.order));
        expect([...some.order].sort((a, b) => a - b)).toEqual(spans.id.map((_, span) => span));
        expect(visibleRows(tree, null, open).rows).toEqual(tree.order);
      }),
    );
  });
});

describe('search in a trace', () => {
  const trace = built([
    { id: 'a', for: 10, name: 'GET /orders' },
    { id: 'b', parent: 'a', from: 1, name: 'POST /Charges', service: 'payment', status: 'error' },
    { id: 'c', parent: 'a', from: 2, name: 'SELECT', status: 'error' },
  ]);
  const { order, position } = trace.tree;

  test('finds names and services, whatever the case', () => {
    expect([...spansNamed('charges', trace, order)]).toEqual([trace.at('b')]);
    expect([...spansNamed(' PAYMENT ', trace, order)]).toEqual([trace.at('b')]);
    expect([...spansNamed('  ', trace, order)]).toEqual([]);
  });
  test('goes from one error to the next and round', () => {
    const errors = failedSpans(trace.spans.status, order);
    expect([...errors]).toEqual([1, 2]);
    expect(nextOf(errors, position, null, 1)).toBe(1);
    expect(nextOf(errors, position, 1, 1)).toBe(2);
    expect(nextOf(errors, position, 2, 1)).toBe(1);
    expect(nextOf(errors, position, null, -1)).toBe(2);
    expect(nextOf(errors, position, 2, -1)).toBe(1);
    expect(nextOf(errors, position, 1, -1)).toBe(2);
    expect(nextOf(new Int32Array(), position, 1, 1)).toBe(null);
  });
});

test.each(['chain', 'flat', 'wide', 'bushy'] as const)(
  '100,000 spans in a %s are folded and shown in time',
  (shape) => {
    const { tree, spans } = builtOf(largeTrace(100_000, shape));
    const folds = foldsOf(spans, tree);
    const began = cpuMs();
    for (let level = 1; level <= 10; level += 1) {
      visibleRows(tree, folds, { ...open, collapsed: collapsedAt(tree, level) });
    }
    expect(cpuMs() - began).toBeLessThan(1_000);
  },
  60_000,
);
