import { type SpanColumns, spanStatuses } from './schemas.ts';

/** In the column of parents: a span without one. */
export const root = -1;
/** In the column of parents: a span whose parent is not in the trace. */
export const orphan = -2;

/** Makes the first span of every ring of parents a root; returns those spans. Linear: every span is walked once. */
export function cutRings(parent: number[]): number[] {
  const walk = new Int32Array(parent.length);
  const cut: number[] = [];
  for (let from = 0; from < parent.length; from += 1) {
    let at = from;
    while (at >= 0 && walk[at] === 0) {
      walk[at] = from + 1;
      at = parent[at] as number;
    }
    if (at < 0 || walk[at] !== from + 1) continue;
    let earliest = at;
    for (let other = parent[at] as number; other !== at; other = parent[other] as number) {
      earliest = Math.min(earliest, other);
    }
    parent[earliest] = root;
    cut.push(earliest);
  }
  return cut.sort((a, b) => a - b);
}

/** The tree of a trace in columns. Spans are numbers; lists of children stand in one array. */
export interface Tree {
  size: number;
  /** Number of the parent; -1 for a root and for a span whose parent is not here. */
  parent: Int32Array;
  /** Roots and orphans by start. */
  roots: Int32Array;
  /** Children of span `i` by start: `children` from `firstChild[i]` to before `firstChild[i + 1]`. */
  firstChild: Int32Array;
  children: Int32Array;
  /** 0 for roots. */
  depth: Int32Array;
  /** Every span, parents before children, siblings by start: the rows of a waterfall. */
  order: Int32Array;
  /** Where a span stands in `order`. Its subtree is the `subtree[i]` spans from there. */
  position: Int32Array;
  /** Spans below and including itself. */
  subtree: Int32Array;
  /** Failed spans below and including itself. */
  errors: Int32Array;
}

/** Builds the tree in linear time, without recursion. Every span is in it once, whatever `parent` says. */
export function treeOf({ parent: given, status }: Pick<SpanColumns, 'parent' | 'status'>): Tree {
  const size = given.length;
  const safe = given.map((one, number) => (one >= 0 && one < size && one !== number ? one : root));
  cutRings(safe);
  const parent = Int32Array.from(safe);
  const firstChild = new Int32Array(size + 1);
  let rootCount = 0;
  for (let span = 0; span < size; span += 1) {
    const above = parent[span] as number;
    if (above === root) rootCount += 1;
    else firstChild[above + 1] = (firstChild[above + 1] as number) + 1;
  }
  for (let span = 0; span < size; span += 1) {
    firstChild[span + 1] = (firstChild[span + 1] as number) + (firstChild[span] as number);
  }
  const children = new Int32Array(size - rootCount);
  const roots = new Int32Array(rootCount);
  const next = firstChild.slice(0, size);
  let nextRoot = 0;
  for (let span = 0; span < size; span += 1) {
    const above = parent[span] as number;
    if (above === root) {
      roots[nextRoot] = span;
      nextRoot += 1;
    } else {
      const place = next[above] as number;
      children[place] = span;
      next[above] = place + 1;
    }
  }
  return { size, parent, roots, firstChild, children, ...walked(parent, roots, firstChild, children, status) };
}

function walked(
  parent: Int32Array,
  roots: Int32Array,
  firstChild: Int32Array,
  children: Int32Array,
  status: readonly number[],
): Pick<Tree, 'depth' | 'order' | 'position' | 'subtree' | 'errors'> {
  const size = parent.length;
  const depth = new Int32Array(size);
  const order = new Int32Array(size);
  const position = new Int32Array(size);
  const stack = new Int32Array(size);
  let top = 0;
  let done = 0;
  for (let index = roots.length - 1; index >= 0; index -= 1) {
    stack[top] = roots[index] as number;
    top += 1;
  }
  while (top > 0) {
    top -= 1;
    const span = stack[top] as number;
    order[done] = span;
    position[span] = done;
    done += 1;
    const above = parent[span] as number;
    depth[span] = above === root ? 0 : (depth[above] as number) + 1;
    for (let index = (firstChild[span + 1] as number) - 1; index >= (firstChild[span] as number); index -= 1) {
      stack[top] = children[index] as number;
      top += 1;
    }
  }
  const subtree = new Int32Array(size).fill(1);
  const errors = new Int32Array(size);
  const error = spanStatuses.indexOf('error');
  for (let index = size - 1; index >= 0; index -= 1) {
    const span = order[index] as number;
    if (status[span] === error) errors[span] = (errors[span] as number) + 1;
    const above = parent[span] as number;
    if (above === root) continue;
    subtree[above] = (subtree[above] as number) + (subtree[span] as number);
    errors[above] = (errors[above] as number) + (errors[span] as number);
  }
  return { depth, order, position, subtree, errors };
}
