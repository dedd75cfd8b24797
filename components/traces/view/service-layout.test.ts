import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Arrow, layeredLayout } from './service-layout.ts';

describe('the layout of the services of a trace', () => {
  test('puts callers left of whom they call, by the longest way', () => {
    const placed = layeredLayout(4, [
      { from: 0, to: 1 },
      { from: 1, to: 2 },
      { from: 0, to: 2 },
      { from: 2, to: 3 },
    ]);
    expect(placed.map(({ layer }) => layer)).toEqual([0, 1, 2, 3]);
  });

  test('takes services that call one another, and themselves', () => {
    const placed = layeredLayout(3, [
      { from: 0, to: 1 },
      { from: 1, to: 0 },
      { from: 1, to: 1 },
      { from: 1, to: 2 },
    ]);
    expect(placed.map(({ layer }) => layer)).toEqual([0, 1, 2]);
  });

  test('stands boxes beside those that call them, so that lines do not cross', () => {
    // 0 calls 3 and 1 calls 2: in the order of numbers the lines would cross.
    const placed = layeredLayout(4, [
      { from: 0, to: 3 },
      { from: 1, to: 2 },
    ]);
    expect(placed[3]!.place).toBe(placed[0]!.place);
    expect(placed[2]!.place).toBe(placed[1]!.place);
  });

  test('gives every box a place of its own, whatever calls whom', () => {
    const graph = fc.integer({ min: 0, max: 14 }).chain((count) =>
      fc.tuple(
        fc.constant(count),
        fc.array(fc.record({ from: fc.nat(Math.max(0, count - 1)), to: fc.nat(Math.max(0, count - 1)) }), {
          maxLength: 40,
        }),
      ),
    );
    fc.assert(
      fc.property(graph, ([count, arrows]: [number, Arrow[]]) => {
        const placed = layeredLayout(count, arrows);
        expect(placed).toHaveLength(count);
        expect(new Set(placed.map(({ layer, place }) => `${layer} ${place}`)).size).toBe(count);
        expect(layeredLayout(count, arrows)).toEqual(placed);
      }),
    );
  });
});
