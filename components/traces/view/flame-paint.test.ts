import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Flame } from '#lib/traces/flame-rules.ts';
import { inkOn, lanesOf, lastBefore, spanAt } from './flame-paint.ts';

const flame: Flame = {
  lane: Int32Array.from([0, 1, 1, 1]),
  lanes: 2,
  fromNs: Float64Array.from([0, 500, 0, 800]),
  toNs: Float64Array.from([1_000, 700, 300, 810]),
};
const lanes = lanesOf(flame);

describe('the flame graph', () => {
  test('knows the spans of a row by time', () => {
    expect([...lanes.first]).toEqual([0, 1, 4]);
    expect([...lanes.spans]).toEqual([0, 2, 1, 3]);
    expect(lastBefore(lanes, flame, 1, -1)).toBe(-1);
    expect(lanes.spans[lastBefore(lanes, flame, 1, 750)]).toBe(1);
  });

  test('finds what lies under the pointer, narrow ones with some slack', () => {
    expect(spanAt(lanes, flame, 0, 999, 0)).toBe(0);
    expect(spanAt(lanes, flame, 1, 100, 0)).toBe(2);
    expect(spanAt(lanes, flame, 1, 400, 0)).toBe(-1);
    expect(spanAt(lanes, flame, 1, 795, 10)).toBe(3);
    expect(spanAt(lanes, flame, 2, 100, 0)).toBe(-1);
    expect(spanAt(lanes, flame, -1, 100, 0)).toBe(-1);
  });

  test('holds every span once', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat(100)), { maxLength: 60 }), (rows) => {
        const found = lanesOf({
          lane: Int32Array.from(rows, ([lane]) => lane),
          lanes: 6,
          fromNs: Float64Array.from(rows, ([, from]) => from),
          toNs: Float64Array.from(rows, ([, from]) => from + 1),
        });
        expect([...found.spans].sort((a, b) => a - b)).toEqual(rows.map((_, i) => i));
        for (let lane = 0; lane < 6; lane++) {
          const own = [...found.spans.subarray(found.first[lane], found.first[lane + 1])];
          expect(own.every((span) => rows[span]?.[0] === lane)).toBe(true);
          const starts = own.map((span) => rows[span]![1]);
          expect(starts).toEqual([...starts].sort((a, b) => a - b));
        }
      }),
    );
  });
});

test('what is read on a bar is black on light colours and white on dark ones', () => {
  expect(inkOn('#1f2c7a')).toBe('#ffffff');
  expect(inkOn('#f1f4f9')).toBe('#000000');
  expect(inkOn('#d6e05a')).toBe('#000000');
  expect(inkOn('what')).toBe('#000000');
});
