import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  clampZoom,
  drawnZoom,
  keyedEdge,
  movedEdge,
  pannedZoom,
  scaledZoom,
  shortestZoomNs,
  zoomOnSpan,
} from './brush.ts';
import type { Zoom } from './trace-url.ts';

const total = 1_000_000;
const some: Zoom = { fromNs: 200_000, toNs: 400_000 };

describe('drawing a part on the minimap', () => {
  test('takes both directions and stays within the trace', () => {
    expect(drawnZoom(0.25, 0.75, total)).toEqual({ fromNs: 250_000, toNs: 750_000 });
    expect(drawnZoom(0.75, 0.25, total)).toEqual({ fromNs: 250_000, toNs: 750_000 });
    expect(drawnZoom(-3, 0.5, total)).toEqual({ fromNs: 0, toNs: 500_000 });
  });

  test('is the whole trace when all of it is drawn', () => {
    expect(drawnZoom(-1, 2, total)).toBeNull();
  });

  test('has a shortest length, at the ends too', () => {
    for (const at of [0, 0.5, 1]) {
      const { fromNs, toNs } = drawnZoom(at, at, total)!;
      expect(toNs - fromNs).toBeCloseTo(shortestZoomNs);
      expect(fromNs).toBeGreaterThanOrEqual(0);
      expect(toNs).toBeLessThanOrEqual(total);
    }
  });

  test('does nothing where the trace has no length', () => {
    expect(drawnZoom(0.2, 0.4, 0)).toBeNull();
    expect(clampZoom(0, 50, shortestZoomNs)).toBeNull();
    expect(clampZoom(0, 1, Number.NaN)).toBeNull();
  });
});

describe('moving it', () => {
  test('an end stops at the other one and at the ends of the trace', () => {
    expect(movedEdge(some, 'from', 300_000, total)).toEqual({ fromNs: 300_000, toNs: 400_000 });
    expect(movedEdge(some, 'from', 900_000, total)).toEqual({ fromNs: 400_000 - shortestZoomNs, toNs: 400_000 });
    expect(movedEdge(some, 'to', -5, total)).toEqual({ fromNs: 200_000, toNs: 200_000 + shortestZoomNs });
    expect(movedEdge(null, 'to', 10 * total, total)).toBeNull();
    expect(movedEdge({ fromNs: 0, toNs: 10_000 }, 'to', total, total)).toBeNull();
  });

  test('as a whole keeps the length', () => {
    expect(pannedZoom(some, 100_000, total)).toEqual({ fromNs: 300_000, toNs: 500_000 });
    expect(pannedZoom(some, 9 * total, total)).toEqual({ fromNs: 800_000, toNs: total });
    expect(pannedZoom(some, -9 * total, total)).toEqual({ fromNs: 0, toNs: 200_000 });
    expect(pannedZoom(null, 5, total)).toBeNull();
  });

  test('scales round a place that stays', () => {
    expect(scaledZoom(null, 0.5, total)).toEqual({ fromNs: 250_000, toNs: 750_000 });
    expect(scaledZoom(some, 0.5, total, 200_000)).toEqual({ fromNs: 200_000, toNs: 300_000 });
    expect(scaledZoom(some, 100, total)).toBeNull();
  });

  test('by keys: arrows, page keys, Home and End; others are left alone', () => {
    const press = (key: string, shiftKey = false) => ({ key, shiftKey });
    expect(keyedEdge(some, 'from', press('ArrowRight'), total)).toEqual({ fromNs: 220_000, toNs: 400_000 });
    expect(keyedEdge(some, 'from', press('ArrowRight', true), total)).toEqual({ fromNs: 300_000, toNs: 400_000 });
    expect(keyedEdge(some, 'to', press('End'), total)).toEqual({ fromNs: 200_000, toNs: total });
    expect(keyedEdge({ fromNs: 0, toNs: 5_000 }, 'to', press('End'), total)).toBeNull();
    expect(keyedEdge(null, 'from', press('ArrowLeft'), total)).toBeNull();
    expect(keyedEdge(some, 'to', press('Tab'), total)).toBeUndefined();
  });

  test('every way ends within the trace, with some length', () => {
    const place = fc.integer({ min: -2 * total, max: 3 * total });
    const zoom = fc.tuple(place, place).map(([a, b]) => clampZoom(a, b, total));
    fc.assert(
      fc.property(zoom, place, fc.double({ min: 0.01, max: 100, noNaN: true }), (from, at, factor) => {
        const ways = [
          movedEdge(from, 'from', at, total),
          movedEdge(from, 'to', at, total),
          pannedZoom(from, at, total),
          scaledZoom(from, factor, total, at),
          zoomOnSpan(at, Math.abs(at), total),
        ];
        for (const way of ways) {
          if (!way) continue;
          expect(way.fromNs).toBeGreaterThanOrEqual(0);
          expect(way.toNs).toBeLessThanOrEqual(total);
          expect(way.toNs - way.fromNs).toBeGreaterThanOrEqual(shortestZoomNs - 1e-6);
        }
      }),
    );
  });
});
