import type { SpanColumns } from './schemas.ts';
import type { Times } from './self-time-rules.ts';
import type { Tree } from './tree-rules.ts';

/** Siblings that are alike, as one row: “×37”. Times in nanoseconds. */
export interface Fold {
  /** -1 for roots. */
  parent: number;
  /** The spans, by start. */
  members: Int32Array;
  minNs: number;
  medianNs: number;
  maxNs: number;
  /** First start and last end. */
  fromNs: number;
  toNs: number;
}

export interface Folds {
  groups: Fold[];
  /** Number of the group of each span, -1 for spans of none. */
  groupOf: Int32Array;
  /** As in the tree, with the members of a group one after the other. */
  order: Int32Array;
  position: Int32Array;
}

/** Fewer are not worth a row that hides them. */
export const leastAlike = 5;

/**
 * Groups siblings that are alike: of one service, name and kind, with subtrees of the same shape, five at least. Spans
 * that failed, or have one below that did, are in no group, so that they stay to be seen. n log n, without recursion.
 */
export function foldsOf(
  spans: Pick<SpanColumns, 'service' | 'name' | 'kind'> & Times,
  tree: Tree,
  least = leastAlike,
): Folds {
  const { size, roots, firstChild, children } = tree;
  const shape = shapesOf(spans, tree);
  const groups: Fold[] = [];
  const groupOf = new Int32Array(size).fill(-1);
  const group = (parent: number, siblings: Int32Array) => {
    if (siblings.length < least) return;
    const alike = new Map<number, number[]>();
    for (const span of siblings) {
      if ((tree.errors[span] as number) > 0) continue;
      const known = alike.get(shape[span] as number);
      if (known) known.push(span);
      else alike.set(shape[span] as number, [span]);
    }
    for (const members of alike.values()) {
      if (members.length < least) continue;
      for (const span of members) groupOf[span] = groups.length;
      groups.push(foldOf(parent, Int32Array.from(members), spans));
    }
  };
  group(-1, roots);
  for (let span = 0; span < size; span += 1) {
    group(span, children.subarray(firstChild[span], firstChild[span + 1]));
  }
  const order = groups.length === 0 ? tree.order : orderOf(tree, groups, groupOf);
  const position = new Int32Array(size);
  for (let index = 0; index < size; index += 1) position[order[index] as number] = index;
  return { groups, groupOf, order, position };
}

function foldOf(parent: number, members: Int32Array, { offset, duration }: Times): Fold {
  const durations = Float64Array.from(members, (span) => duration[span] as number).sort();
  let fromNs = Number.POSITIVE_INFINITY;
  let toNs = Number.NEGATIVE_INFINITY;
  for (const span of members) {
    fromNs = Math.min(fromNs, offset[span] as number);
    toNs = Math.max(toNs, (offset[span] as number) + (duration[span] as number));
  }
  const at = (index: number) => durations[index] ?? 0;
  const middle = durations.length >> 1;
  const medianNs = durations.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2;
  return { parent, members, minNs: at(0), medianNs, maxNs: at(durations.length - 1), fromNs, toNs };
}

/** A number for each span: equal ones have equal service, name, kind and children, in whatever order those are. */
function shapesOf({ service, name, kind }: Pick<SpanColumns, 'service' | 'name' | 'kind'>, tree: Tree): Int32Array {
  const { size, order, firstChild, children } = tree;
  const shape = new Int32Array(size);
  const known = new Map<string, number>();
  for (let index = size - 1; index >= 0; index -= 1) {
    const span = order[index] as number;
    const below = children.subarray(firstChild[span], firstChild[span + 1]).map((child) => shape[child] as number);
    const key = `${service[span]},${name[span]},${kind[span]}${below.length > 0 ? `:${below.sort().join()}` : ''}`;
    const number = known.get(key) ?? known.size;
    known.set(key, number);
    shape[span] = number;
  }
  return shape;
}

function orderOf(
  { size, roots, firstChild, children }: Tree,
  groups: readonly Fold[],
  groupOf: Int32Array,
): Int32Array {
  const order = new Int32Array(size);
  const stack: number[] = [];
  const push = (siblings: Int32Array) => {
    const arranged: number[] = [];
    for (const span of siblings) {
      const fold = groups[groupOf[span] as number];
      if (!fold) arranged.push(span);
      else if (fold.members[0] === span) for (const member of fold.members) arranged.push(member);
    }
    for (let index = arranged.length - 1; index >= 0; index -= 1) stack.push(arranged[index] as number);
  };
  push(roots);
  let done = 0;
  for (let span = stack.pop(); span !== undefined; span = stack.pop()) {
    order[done] = span;
    done += 1;
    push(children.subarray(firstChild[span], firstChild[span + 1]));
  }
  return order;
}
