import type { Folds } from './fold-rules.ts';
import { spanStatuses } from './schemas.ts';
import type { Tree } from './tree-rules.ts';

/** What is opened and closed in a waterfall. */
export interface View {
  /** Spans whose children are hidden. */
  collapsed: ReadonlySet<number>;
  /** Numbers of groups that are open; the others are one row each. */
  unfolded: ReadonlySet<number>;
  /** Only spans that failed, with those above them. */
  onlyErrors?: boolean;
}

/** The rows to draw. Row `i` is span `rows[i]`, or group `groupAt(rows[i])` where that is not null. */
export interface Rows {
  rows: Int32Array;
  /** Steps to indent. */
  depth: Int32Array;
}

/** Number of the group that a row stands for, null for a row that is a span. */
export const groupAt = (row: number) => (row < 0 ? -1 - row : null);
/** The row of a group. */
export const rowOfGroup = (group: number) => -1 - group;

/** Rows from top to bottom. One pass over the spans: 100,000 take some milliseconds. */
export function visibleRows(tree: Tree, folds: Folds | null, { collapsed, unfolded, onlyErrors = false }: View): Rows {
  const { size, subtree, errors } = tree;
  const order = folds?.order ?? tree.order;
  const rows = new Int32Array(size + (folds?.groups.length ?? 0));
  const depth = new Int32Array(rows.length);
  let count = 0;
  const add = (row: number, steps: number) => {
    rows[count] = row;
    depth[count] = steps;
    count += 1;
  };
  for (let index = 0; index < size; ) {
    const span = order[index] as number;
    const below = subtree[span] as number;
    if (onlyErrors && errors[span] === 0) {
      index += below;
      continue;
    }
    const group = folds ? (folds.groupOf[span] as number) : -1;
    const fold = folds?.groups[group];
    if (fold && fold.members[0] === span) add(rowOfGroup(group), tree.depth[span] as number);
    if (fold && !unfolded.has(group)) {
      index += below;
      continue;
    }
    add(span, tree.depth[span] as number);
    index += collapsed.has(span) ? below : 1;
  }
  return { rows: rows.slice(0, count), depth: depth.slice(0, count) };
}

/** Closes everything below `level` levels: 1 leaves the roots alone to be seen. */
export function collapsedAt({ size, depth, subtree }: Tree, level: number): Set<number> {
  const collapsed = new Set<number>();
  for (let span = 0; span < size; span += 1) {
    if (depth[span] === level - 1 && (subtree[span] as number) > 1) collapsed.add(span);
  }
  return collapsed;
}

/** What has to be open for a span to be seen: the view with its ancestors and groups opened. */
export function revealed(tree: Tree, folds: Folds | null, view: View, span: number): View {
  const collapsed = new Set(view.collapsed);
  const unfolded = new Set(view.unfolded);
  const open = (one: number) => {
    const group = folds ? (folds.groupOf[one] as number) : -1;
    if (group >= 0) unfolded.add(group);
  };
  open(span);
  for (let above = tree.parent[span] as number; above >= 0; above = tree.parent[above] as number) {
    collapsed.delete(above);
    open(above);
  }
  return { ...view, collapsed, unfolded, onlyErrors: Boolean(view.onlyErrors) && (tree.errors[span] as number) > 0 };
}

/** Spans whose service or name contains a text, whatever the case, in the order of the waterfall. */
export function spansNamed(
  text: string,
  columns: {
    services: readonly string[];
    names: readonly string[];
    spans: { service: readonly number[]; name: readonly number[] };
  },
  order: Int32Array,
): Int32Array {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return new Int32Array();
  const contains = (one: string) => one.toLowerCase().includes(wanted);
  const services = columns.services.map(contains);
  const names = columns.names.map(contains);
  return order.filter(
    (span) => services[columns.spans.service[span] as number] || names[columns.spans.name[span] as number],
  );
}

const error = spanStatuses.indexOf('error');

/** Spans that failed, in the order of the waterfall. */
export function failedSpans(status: readonly number[], order: Int32Array): Int32Array {
  return order.filter((span) => status[span] === error);
}

/**
 * The next of `among` (sorted by `position`) after a span, or before it where `step` is -1; round the end to the
 * beginning. null where there is none.
 */
export function nextOf(among: Int32Array, position: Int32Array, from: number | null, step: 1 | -1): number | null {
  if (among.length === 0) return null;
  const at = from === null ? -1 : (position[from] as number);
  let low = 0;
  let high = among.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const place = position[among[middle] as number] as number;
    if (step === 1 ? place <= at : place < at) low = middle + 1;
    else high = middle;
  }
  const index = step === 1 ? low : low - 1;
  return among[(index + among.length) % among.length] ?? null;
}
