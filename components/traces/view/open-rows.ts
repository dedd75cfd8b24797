import type { Folds } from '#lib/traces/fold-rules.ts';
import type { Tree } from '#lib/traces/tree-rules.ts';
import { collapsedAt, groupAt, revealed, type View } from '#lib/traces/visible-rules.ts';
import { mostFlipped, type TraceViewState } from './trace-url.ts';

interface Parts {
  tree: Tree;
  folds: Folds;
  ids: readonly string[];
  find: (spanId: string | null) => number;
}

type Wanted = Pick<TraceViewState, 'rows' | 'flipped'>;

/** The name of a row in the address: the span's id, or `x` and the id of the first of folded siblings. */
export function rowName(row: number, { folds, ids }: Pick<Parts, 'folds' | 'ids'>): string {
  const group = groupAt(row);
  return group === null ? (ids[row] ?? '') : `x${ids[folds.groups[group]?.members[0] ?? -1] ?? ''}`;
}

/** What is open and closed: by level or all of it, and then as single rows were opened and closed by hand. */
export function viewOf({ rows, flipped }: Wanted, { tree, folds, find }: Parts): View {
  const collapsed = rows.kind === 'level' ? collapsedAt(tree, rows.level) : new Set<number>();
  const unfolded = new Set<number>();
  for (const name of flipped) {
    const isGroup = name.startsWith('x');
    const span = find(isGroup ? name.slice(1) : name);
    if (span < 0) continue;
    const group = folds.groupOf[span] as number;
    if (isGroup) {
      if (group >= 0) unfolded.add(group);
    } else if (!collapsed.delete(span)) collapsed.add(span);
  }
  return { collapsed, unfolded, onlyErrors: rows.kind === 'errors' };
}

/** A row opened or closed by hand. */
export function flip(flipped: readonly string[], name: string): string[] {
  return flipped.includes(name) ? flipped.filter((one) => one !== name) : [...flipped, name].slice(-mostFlipped);
}

/** What has to change so that a span is seen; null when it is already. */
export function reveal(wanted: Wanted, parts: Parts, span: number): Wanted | null {
  const before = viewOf(wanted, parts);
  const after = revealed(parts.tree, parts.folds, before, span);
  const hidden: string[] = [];
  for (let above = parts.tree.parent[span] as number; above >= 0; above = parts.tree.parent[above] as number) {
    if (before.collapsed.has(above)) hidden.push(parts.ids[above] as string);
  }
  for (const group of after.unfolded) {
    if (!before.unfolded.has(group)) hidden.push(rowName(-1 - group, parts));
  }
  const rows = before.onlyErrors && !after.onlyErrors ? ({ kind: 'all' } as const) : wanted.rows;
  if (hidden.length === 0 && rows === wanted.rows) return null;
  return { rows, flipped: hidden.reduce<readonly string[]>(flip, wanted.flipped) };
}

/** Row of the parent of a row, by place; -1 for a root. Parents stand above with less depth, groups above members. */
export function parentRow(rows: Int32Array, depth: Int32Array, folds: Folds, index: number): number {
  const row = rows[index] as number;
  const group = row >= 0 ? (folds.groupOf[row] as number) : -1;
  for (let above = index - 1; above >= 0; above--) {
    if (group >= 0 && rows[above] === -1 - group) return above;
    if ((depth[above] as number) < (depth[index] as number)) return above;
  }
  return -1;
}
