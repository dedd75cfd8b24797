import { nodeHeight, nodeWidth, type Point } from './layout.ts';

export interface Drawn {
  /** For `d` of a path. */
  d: string;
  /** Where a figure stands. */
  middle: Point;
}

const corner = 7;
const round = (value: number) => Math.round(value * 10) / 10;
const text = ({ x, y }: Point) => `${round(x)} ${round(y)}`;

/** A line along a route, its corners rounded. */
export function alongRoute(route: readonly Point[]): Drawn {
  const [first, ...rest] = route;
  if (!first || rest.length === 0) return { d: '', middle: first ?? { x: 0, y: 0 } };
  let d = `M${text(first)}`;
  for (let i = 1; i < route.length; i++) {
    const [before, at, after] = [route[i - 1] as Point, route[i] as Point, route[i + 1]];
    if (!after) {
      d += `L${text(at)}`;
      continue;
    }
    d += `L${text(towards(at, before))}Q${text(at)} ${text(towards(at, after))}`;
  }
  return { d, middle: halfway(route) };
}

/** A point near a corner, on the way to the next one. */
function towards(at: Point, to: Point): Point {
  const length = Math.hypot(to.x - at.x, to.y - at.y);
  const part = length === 0 ? 0 : Math.min(corner, length / 2) / length;
  return { x: at.x + (to.x - at.x) * part, y: at.y + (to.y - at.y) * part };
}

function halfway(route: readonly Point[]): Point {
  const lengths = route.slice(1).map((at, i) => Math.hypot(at.x - (route[i] as Point).x, at.y - (route[i] as Point).y));
  let left = lengths.reduce((sum, length) => sum + length, 0) / 2;
  for (const [i, length] of lengths.entries()) {
    const [from, to] = [route[i] as Point, route[i + 1] as Point];
    if (left <= length && length > 0) {
      return { x: from.x + ((to.x - from.x) * left) / length, y: from.y + ((to.y - from.y) * left) / length };
    }
    left -= length;
  }
  return route[0] as Point;
}

const leastBend = 40;

/** A curve from the right side of one node to the left side of another; one that goes back swings round below. */
export function curve(from: Point, to: Point): Drawn {
  const start = { x: from.x + nodeWidth, y: from.y + nodeHeight / 2 };
  const end = { x: to.x, y: to.y + nodeHeight / 2 };
  const bend = Math.max(leastBend, Math.abs(end.x - start.x) / 2);
  const drop = end.x < start.x ? nodeHeight : 0;
  const a = { x: start.x + bend, y: start.y + drop };
  const b = { x: end.x - bend, y: end.y + drop };
  const middle = { x: (start.x + 3 * a.x + 3 * b.x + end.x) / 8, y: (start.y + 3 * a.y + 3 * b.y + end.y) / 8 };
  return { d: `M${text(start)}C${text(a)} ${text(b)} ${text(end)}`, middle };
}
