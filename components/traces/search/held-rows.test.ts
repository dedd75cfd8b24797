import { describe, expect, it } from 'vitest';
import { holdRows } from './held-rows.ts';

interface Row {
  id: string;
  n: number;
}
const row = (id: string, n = 0): Row => ({ id, n });
const idOf = ({ id }: Row) => id;
const free = { isHeld: false, idOf };
const held = { isHeld: true, idOf };

describe('rows that are asked for again', () => {
  const first = holdRows(null, [row('b'), row('a')], free);
  it('come as they are at first, and none is marked', () => {
    expect(first).toEqual({ rows: [row('b'), row('a')], waiting: 0, fresh: new Set() });
  });
  it('come on top and are marked while nobody is at the list', () => {
    const next = holdRows(first, [row('c'), row('b'), row('a')], free);
    expect(next.rows.map(idOf)).toEqual(['c', 'b', 'a']);
    expect(next.fresh).toEqual(new Set(['c']));
  });
  it('wait while somebody is, and those that are shown are renewed in their place', () => {
    const next = holdRows(first, [row('d'), row('c'), row('b', 7)], held);
    expect(next.rows).toEqual([row('b', 7), row('a')]);
    expect(next.waiting).toBe(2);
    const shown = holdRows(next, [row('d'), row('c'), row('b', 7)], free);
    expect(shown.rows.map(idOf)).toEqual(['d', 'c', 'b']);
    expect(shown.waiting).toBe(0);
  });
  it('are not all marked when nothing is left of those before', () => {
    expect(holdRows(first, [row('x'), row('y')], free).fresh.size).toBe(0);
  });
  it('do not wait where there was nothing', () => {
    expect(holdRows(holdRows(null, [], free), [row('a')], held).rows).toEqual([row('a')]);
  });
});
