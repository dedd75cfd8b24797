import { describe, expect, test } from 'vitest';
import { foldsOf } from '#lib/traces/fold-rules.ts';
import { treeOf } from '#lib/traces/tree-rules.ts';
import { visibleRows } from '#lib/traces/visible-rules.ts';
import { flip, parentRow, reveal, rowName, viewOf } from './open-rows.ts';
import { mostFlipped, usualState } from './trace-url.ts';

/** A root with six equal children, and a chain of three below a seventh whose end failed. */
const parent = [-1, 0, 0, 0, 0, 0, 0, 0, 7, 8];
const status = [0, 0, 0, 0, 0, 0, 0, 0, 0, 2];
const ids = parent.map((_, i) => `${i}`.padStart(16, 'a'));
const tree = treeOf({ parent, status });
const folds = foldsOf(
  {
    service: parent.map(() => 0),
    name: [0, 1, 1, 1, 1, 1, 1, 2, 3, 4],
    kind: parent.map(() => 1),
    offset: parent.map((_, i) => i),
    duration: parent.map(() => 1),
  },
  tree,
);
const parts = { tree, folds, ids, find: (id: string | null) => ids.indexOf(id ?? '') };
const rowsOf = (wanted: Pick<typeof usualState, 'rows' | 'flipped'>) => visibleRows(tree, folds, viewOf(wanted, parts));

describe('rows of the waterfall', () => {
  test('are all there at first, equal siblings folded', () => {
    expect([...rowsOf(usualState).rows]).toEqual([0, -1, 7, 8, 9]);
    expect(rowName(-1, parts)).toBe(`x${ids[1]}`);
    expect(rowName(8, parts)).toBe(ids[8]);
  });

  test('open and close by hand, on top of a level', () => {
    expect([...rowsOf({ ...usualState, flipped: [ids[7]!] }).rows]).toEqual([0, -1, 7]);
    expect([...rowsOf({ ...usualState, rows: { kind: 'level', level: 1 } }).rows]).toEqual([0]);
    expect([...rowsOf({ rows: { kind: 'level', level: 1 }, flipped: [ids[0]!] }).rows]).toEqual([0, -1, 7, 8, 9]);
    expect([...rowsOf({ ...usualState, flipped: [`x${ids[1]}`] }).rows]).toEqual([0, -1, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  test('that are named in an address but are not there change nothing', () => {
    expect([...rowsOf({ ...usualState, flipped: ['f'.repeat(16), `x${ids[9]}`] }).rows]).toEqual([0, -1, 7, 8, 9]);
  });

  test('only errors leaves what leads to them', () => {
    expect([...rowsOf({ ...usualState, rows: { kind: 'errors' } }).rows]).toEqual([0, 7, 8, 9]);
  });
});

describe('showing a span', () => {
  test('opens what it is in, and nothing else', () => {
    expect(reveal(usualState, parts, 9)).toBeNull();
    expect(reveal({ ...usualState, flipped: [ids[7]!] }, parts, 9)).toEqual({ rows: { kind: 'all' }, flipped: [] });
    expect(reveal(usualState, parts, 3)).toEqual({ rows: { kind: 'all' }, flipped: [`x${ids[1]}`] });
    const closed = { ...usualState, rows: { kind: 'level' as const, level: 1 } };
    const wanted = reveal(closed, parts, 9)!;
    expect([...rowsOf(wanted).rows]).toContain(9);
  });

  test('leaves the view of errors where it did not fail', () => {
    const errors = { ...usualState, rows: { kind: 'errors' as const } };
    expect(reveal(errors, parts, 9)).toBeNull();
    const wanted = reveal(errors, parts, 3)!;
    expect(wanted.rows).toEqual({ kind: 'all' });
    expect([...rowsOf(wanted).rows]).toContain(3);
  });
});

test('a row is flipped and flipped back; only so many are kept', () => {
  expect(flip(['a'], 'b')).toEqual(['a', 'b']);
  expect(flip(['a', 'b'], 'a')).toEqual(['b']);
  const many = Array.from({ length: mostFlipped }, (_, i) => `${i}`);
  expect(flip(many, 'new')).toHaveLength(mostFlipped);
  expect(flip(many, 'new').at(-1)).toBe('new');
});

test('the parent of a row is the nearest one above with less depth, of a member its group', () => {
  const { rows, depth } = rowsOf({ ...usualState, flipped: [`x${ids[1]}`] });
  expect(parentRow(rows, depth, folds, 0)).toBe(-1);
  expect(parentRow(rows, depth, folds, 1)).toBe(0);
  expect(parentRow(rows, depth, folds, 4)).toBe(1);
  expect(parentRow(rows, depth, folds, 8)).toBe(0);
  expect(parentRow(rows, depth, folds, 10)).toBe(9);
});
