import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeWidth } from './layout.ts';
import { alongRoute, curve } from './paths.ts';
import { nextNode } from './walk.ts';

describe('a line', () => {
  it('goes along its route, with its figure half way', () => {
    const { d, middle } = alongRoute([
      { x: 0, y: 0 },
      { x: 100, y: 0 },
      { x: 100, y: 40 },
    ]);
    expect(d).toBe('M0 0L93 0Q100 0 100 7L100 40');
    expect(middle).toEqual({ x: 70, y: 0 });
  });
  it('bends no further than a short piece is long', () => {
    expect(
      alongRoute([
        { x: 0, y: 0 },
        { x: 4, y: 0 },
        { x: 4, y: 4 },
      ]).d,
    ).toBe('M0 0L2 0Q4 0 4 2L4 4');
  });
  it('can be drawn whatever the points', () => {
    const point = fc.record({ x: fc.integer({ min: -5_000, max: 5_000 }), y: fc.integer({ min: -5_000, max: 5_000 }) });
    fc.assert(
      fc.property(fc.array(point, { maxLength: 8 }), point, point, (route, a, b) => {
        for (const { d, middle } of [alongRoute(route), curve(a, b)]) {
          expect(d).not.toMatch(/NaN|Infinity|undefined/);
          expect(Number.isFinite(middle.x) && Number.isFinite(middle.y)).toBe(true);
        }
      }),
    );
  });
  it('without a route goes from the right side of one to the left side of the other', () => {
    expect(curve({ x: 0, y: 0 }, { x: 400, y: 0 }).d).toMatch(new RegExp(`^M${nodeWidth} 28C.* 400 28$`));
  });
});

describe('arrow keys', () => {
  const positions = new Map([
    ['web', { x: 0, y: 100 }],
    ['order', { x: 300, y: 0 }],
    ['product', { x: 300, y: 100 }],
    ['payment', { x: 300, y: 200 }],
    ['db', { x: 600, y: 0 }],
  ]);
  const edges = [
    { from: 'web', to: 'payment' },
    { from: 'product', to: 'db' },
  ];
  it.each([
    ['web', 'right', 'payment'],
    ['payment', 'left', 'web'],
    ['product', 'right', 'db'],
    ['order', 'right', 'db'],
    ['order', 'down', 'product'],
    ['payment', 'up', 'product'],
    ['web', 'left', null],
    ['gone', 'down', null],
  ] as const)('from %s %s leads to %s', (id, direction, to) => {
    expect(nextNode(positions, edges, id, direction)).toBe(to);
  });
});
