/** What the active row is, for the meaning of a key. Rows are counted from 0. */
export interface ActiveRow {
  index: number;
  count: number;
  expanded: boolean | undefined;
  /** Row of the parent; -1 for a root. */
  parent: number;
}

export type TreeMove = { kind: 'go'; index: number } | { kind: 'toggle' } | { kind: 'open' };

/** So many rows go by with a page key. */
export const pageRows = 20;

/**
 * What a key does in the tree, as the treegrid pattern of WAI-ARIA has it: right opens and then goes to the first
 * child, left closes and then goes to the parent. null: nothing.
 */
export function treeMove(key: string, { index, count, expanded, parent }: ActiveRow): TreeMove | null {
  if (count === 0) return null;
  const go = (to: number): TreeMove => ({ kind: 'go', index: Math.min(count - 1, Math.max(0, to)) });
  switch (key) {
    case 'ArrowDown':
    case 'j':
      return go(index + 1);
    case 'ArrowUp':
    case 'k':
      return go(index - 1);
    case 'Home':
      return go(0);
    case 'End':
      return go(count - 1);
    case 'PageDown':
      return go(index + pageRows);
    case 'PageUp':
      return go(index - pageRows);
    case 'ArrowRight':
      if (expanded === false) return { kind: 'toggle' };
      return expanded ? go(index + 1) : null;
    case 'ArrowLeft':
      if (expanded) return { kind: 'toggle' };
      return parent >= 0 ? go(parent) : null;
    case ' ':
      return expanded === undefined ? null : { kind: 'toggle' };
    case 'Enter':
      return { kind: 'open' };
    default:
      return null;
  }
}
