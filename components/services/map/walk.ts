import type { Point } from './layout.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

interface Ends {
  from: string;
  to: string;
}

/**
 * Where an arrow key leads from a node: right to what it calls, left to who calls it, up and down to the nearest one
 * above or below. null at the border.
 */
export function nextNode(
  positions: ReadonlyMap<string, Point>,
  edges: readonly Ends[],
  id: string,
  direction: Direction,
): string | null {
  const at = positions.get(id);
  if (!at) return null;
  const joined =
    direction === 'right'
      ? edges.filter(({ from }) => from === id).map(({ to }) => to)
      : direction === 'left'
        ? edges.filter(({ to }) => to === id).map(({ from }) => from)
        : [];
  return nearest(positions, joined, at, () => true) ?? nearest(positions, positions.keys(), at, ahead(at, direction));
}

function ahead(at: Point, direction: Direction): (point: Point) => boolean {
  switch (direction) {
    case 'left':
      return ({ x }) => x < at.x;
    case 'right':
      return ({ x }) => x > at.x;
    case 'up':
      return ({ y }) => y < at.y;
    case 'down':
      return ({ y }) => y > at.y;
  }
}

/** Sideways counts as more than it is, so that a column is gone through from end to end. */
const sideways = 2;

function nearest(
  positions: ReadonlyMap<string, Point>,
  ids: Iterable<string>,
  at: Point,
  wanted: (point: Point) => boolean,
): string | null {
  let best: string | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const id of ids) {
    const point = positions.get(id);
    if (!point || (point.x === at.x && point.y === at.y) || !wanted(point)) continue;
    const far = Math.abs(point.x - at.x) * sideways + Math.abs(point.y - at.y);
    if (far < least) [best, least] = [id, far];
  }
  return best;
}
