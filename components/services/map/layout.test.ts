import ELK from 'elkjs/lib/elk.bundled.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  carryOver,
  fromElk,
  type Layout,
  nodeHeight,
  nodeWidth,
  type Structure,
  structureKey,
  toElk,
} from './layout.ts';
import { cityOf } from './testing/city.ts';

const layOut = async (structure: Structure) => fromElk(await new ELK().layout(toElk(structure)));

function overlaps({ positions }: Layout): string[] {
  const all = [...positions];
  return all.flatMap(([a, p], i) =>
    all
      .slice(i + 1)
      .filter(([, q]) => Math.abs(p.x - q.x) < nodeWidth && Math.abs(p.y - q.y) < nodeHeight)
      .map(([b]) => `${a} ${b}`),
  );
}

const shop: Structure = {
  nodes: ['gateway', 'order', 'product', 'payment', 'db'],
  edges: [
    { from: 'gateway', to: 'order' },
    { from: 'gateway', to: 'product' },
    { from: 'order', to: 'payment' },
    { from: 'order', to: 'product' },
    { from: 'product', to: 'db' },
    { from: 'payment', to: 'db' },
  ],
};

describe('a layout', () => {
  it('puts callers to the left of what they call, with a route for each call and nothing on top of another', async () => {
    const layout = await layOut(shop);
    const x = (id: string) => layout.positions.get(id)?.x ?? Number.NaN;
    for (const { from, to } of shop.edges) expect(x(from), `${from} ${to}`).toBeLessThan(x(to));
    expect(layout.routes.size).toBe(shop.edges.length);
    expect(overlaps(layout)).toEqual([]);
  });

  it('is the same whatever the order of nodes and edges', async () => {
    const turned = { nodes: [...shop.nodes].reverse(), edges: [...shop.edges].reverse() };
    expect(structureKey(turned)).toBe(structureKey(shop));
    expect(await layOut(turned)).toEqual(await layOut(shop));
  });

  it('takes cycles, islands and calls to what is not on the map', async () => {
    const layout = await layOut({
      nodes: ['a', 'b', 'island'],
      edges: [
        { from: 'a', to: 'b' },
        { from: 'b', to: 'a' },
        { from: 'a', to: 'gone' },
      ],
    });
    expect([...layout.positions.keys()].sort()).toEqual(['a', 'b', 'island']);
    expect(overlaps(layout)).toEqual([]);
  });

  it('of 200 services with 600 calls has room for each', async () => {
    const layout = await layOut(cityOf(200, 600));
    expect(layout.positions.size).toBe(200);
    expect(overlaps(layout)).toEqual([]);
    const extent = (of: (point: { x: number; y: number }) => number) =>
      Math.max(...[...layout.positions.values()].map(of));
    const shape = extent(({ x }) => x) / extent(({ y }) => y);
    expect(shape, 'about as wide as a screen').toBeGreaterThan(1.2);
    expect(shape).toBeLessThan(3.5);
  }, 30_000);
});

describe('carrying a layout over', () => {
  it('moves nothing when something is gone, or a call is new', async () => {
    const before = await layOut(shop);
    const after = carryOver(before, {
      nodes: shop.nodes.filter((id) => id !== 'payment'),
      edges: [
        { from: 'gateway', to: 'order' },
        { from: 'gateway', to: 'db' },
      ],
    });
    expect(after?.positions.get('order')).toEqual(before.positions.get('order'));
    expect([...(after?.positions.keys() ?? [])].sort()).toEqual(['db', 'gateway', 'order', 'product']);
    expect([...(after?.routes.keys() ?? [])]).toEqual(['gateway>order']);
  });

  it('puts a newcomer behind who calls it', async () => {
    const before = await layOut(shop);
    const after = carryOver(before, {
      nodes: [...shop.nodes, 'mail'],
      edges: [...shop.edges, { from: 'order', to: 'mail' }],
    });
    expect(after?.positions.get('mail')?.x).toBeGreaterThan(before.positions.get('order')?.x ?? 0);
  });

  it('begins anew where most is new', async () => {
    expect(carryOver(await layOut(shop), cityOf(20, 40))).toBeNull();
  });

  it('keeps every old place and never puts one node on another, whatever comes and goes', async () => {
    const base = cityOf(30, 60);
    const before = await layOut(base);
    const ends = fc.integer({ min: 0, max: 34 });
    const name = (i: number) => base.nodes[i] ?? `new-${i}`;
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(ends, { minLength: 12, maxLength: 34 }),
        fc.array(fc.tuple(ends, ends), { maxLength: 40 }),
        async (kept, pairs) => {
          const nodes = kept.map(name);
          const after = carryOver(before, { nodes, edges: pairs.map(([a, b]) => ({ from: name(a), to: name(b) })) });
          if (!after) return;
          expect(after.positions.size).toBe(nodes.length);
          expect(overlaps(after)).toEqual([]);
          for (const id of nodes) {
            const place = before.positions.get(id);
            if (place) expect(after.positions.get(id)).toEqual(place);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
