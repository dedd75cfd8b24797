import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  boxBetween,
  boxRect,
  isInBox,
  nearestPoint,
  nextPoint,
  type ScatterPoint,
  scatterModel,
} from './scatter-model.ts';

const from = Date.UTC(2026, 10, 21, 13, 30);
const to = from + 3_600_000;
const point = (id: string, minute: number, value: number): ScatterPoint => ({
  id,
  timeMs: from + minute * 60_000,
  value,
  failed: false,
});
const points = [point('late', 50, 900), point('early', 5, 60), point('middle', 20, 300)];
const layOut = (given: readonly ScatterPoint[]) =>
  scatterModel({ points: given, width: 900, height: 216, fromMs: from, toMs: to, zone: 'utc', unit: 'milliseconds' });
const model = layOut(points);

describe('the model of a scatter chart', () => {
  it('orders points by time and leaves out what is not in the range', () => {
    const wider = layOut([...points, point('before', -1, 10), point('after', 61, 10), point('broken', 3, Number.NaN)]);
    expect(wider.points.map(({ id }) => id)).toEqual(['early', 'middle', 'late']);
  });
  it('writes round ticks with their unit', () => {
    expect(model.yTicks.map(model.yText)).toEqual(['30 ms', '100 ms', '300 ms', '1 s']);
    expect(model.xTicks[0]?.text).toBe('13:30');
  });
  it('keeps a value of nothing on the plot', () => {
    const zero = layOut([point('zero', 1, 0), ...points]);
    expect(zero.ys[0]).toBe(zero.bottom);
    const foot = boxBetween(zero, { x: 0, y: 150 }, { x: 900, y: 300 });
    expect(isInBox(zero.points[0] as ScatterPoint, foot)).toBe(true);
  });
  it('stands without points', () => {
    const none = layOut([]);
    expect(none.yTicks).toEqual([10, 100, 1000]);
    expect(nearestPoint(none, 400, 100, 1000)).toBe(-1);
  });
});

describe('pointing', () => {
  it('finds the nearest point within reach', () => {
    const [x, y] = [model.xs[1] as number, model.ys[1] as number];
    expect(nearestPoint(model, x + 5, y - 5, 12)).toBe(1);
    expect(nearestPoint(model, x + 20, y, 12)).toBe(-1);
  });
  it.each([
    ['ArrowRight', 0, 1],
    ['ArrowLeft', 0, 0],
    ['ArrowRight', 2, 2],
    ['ArrowUp', 0, 1],
    ['ArrowDown', 2, 1],
    ['ArrowUp', 2, 2],
  ] as const)('%s from %d leads to %d', (key, at, next) => expect(nextPoint(model.points, at, key)).toBe(next));
});

describe('a brushed box', () => {
  it('is widened to whole seconds and three digits, so that what is under it is in it', () => {
    const box = boxBetween(model, { x: 300, y: 60 }, { x: 500, y: 100 });
    expect(box.fromMs % 1000).toBe(0);
    expect(Number(box.max.toPrecision(3))).toBe(box.max);
    expect(box.min).toBeLessThan(box.max);
  });
  it('contains every point that lies between its corners, and is drawn where it was dragged', () => {
    const corner = fc.record({
      x: fc.double({ min: -50, max: 950, noNaN: true }),
      y: fc.double({ min: -50, max: 260, noNaN: true }),
    });
    fc.assert(
      fc.property(corner, corner, (a, b) => {
        const box = boxBetween(model, a, b);
        model.points.forEach((one, i) => {
          const [x, y] = [model.xs[i] as number, model.ys[i] as number];
          const inside =
            x >= Math.min(a.x, b.x) && x <= Math.max(a.x, b.x) && y >= Math.min(a.y, b.y) && y <= Math.max(a.y, b.y);
          if (inside) expect(isInBox(one, box)).toBe(true);
        });
        const rect = boxRect(model, box);
        expect(rect).not.toBeNull();
        const clamp = (x: number) => Math.max(model.left, Math.min(model.width - model.right, x));
        expect(Math.abs((rect?.left ?? 0) - clamp(Math.min(a.x, b.x)))).toBeLessThan(1);
      }),
    );
  });
  it('is not drawn where it lies outside the axis, and is cut where it has no end', () => {
    expect(boxRect(model, { fromMs: from - 9e6, toMs: from - 1, min: 0, max: 1e9 })).toBeNull();
    expect(boxRect(model, { fromMs: from, toMs: to, min: 5e6, max: 6e6 })).toBeNull();
    expect(
      boxRect(model, { fromMs: 0, toMs: Number.POSITIVE_INFINITY, min: 0, max: Number.POSITIVE_INFINITY }),
    ).toEqual({
      left: model.left,
      top: model.top,
      width: model.width - model.left - model.right,
      height: model.bottom - model.top,
    });
  });
});
