import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandPath, placeRules } from './annotations.ts';
import { linearScale } from './scale.ts';

const x = linearScale([0, 1000], [40, 540]);

describe('the words of upright lines', () => {
  it('stand right of the line, or left of it at the end of the chart', () => {
    const [first, last] = placeRules(
      [
        { atMs: 950, label: 'none at 16:42' },
        { atMs: 100, label: '25 %' },
      ],
      x,
      540,
    );
    expect(first).toMatchObject({ label: '25 %', x: 90, row: 0, anchor: 'start' });
    expect(last).toMatchObject({ anchor: 'end', row: 0 });
  });

  it('move to another line of text where they would touch', () => {
    const rows = placeRules(
      [0, 10, 20].map((atMs) => ({ atMs, label: `at ${atMs}` })),
      x,
      540,
    ).map(({ row }) => row);
    expect(rows).toEqual([0, 1, 2]);
  });

  it('never cover each other and never stand outside the time shown', () => {
    const rule = fc.record({ atMs: fc.integer({ min: -500, max: 1500 }), label: fc.string({ maxLength: 20 }) });
    fc.assert(
      fc.property(fc.array(rule, { maxLength: 12 }), (rules) => {
        const boxes = placeRules(rules, x, 540).map((one) => {
          const width = one.label.length * 6.2 + 5;
          return { row: one.row, from: one.anchor === 'start' ? one.x : one.x - width, width };
        });
        expect(boxes).toHaveLength(rules.filter(({ atMs }) => atMs >= 0 && atMs <= 1000).length);
        for (const [i, a] of boxes.entries()) {
          for (const b of boxes.slice(i + 1)) {
            const apart = a.row !== b.row || a.from + a.width <= b.from || b.from + b.width <= a.from;
            expect(apart).toBe(true);
          }
        }
      }),
    );
  });
});

it('fills between two lines and leaves gaps open', () => {
  const y = (value: number) => 100 - value;
  expect(bandPath([0, 10, 20, 30], [50, 60, null, 70], [40, 30, 20, 10], y)).toBe(
    'M0,50L10,40L10,70L0,60ZM30,30L30,90Z',
  );
  expect(bandPath([], [], [], y)).toBe('');
});
