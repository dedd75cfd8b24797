import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { coverageOf } from './coverage.ts';
import type { RawSample } from './grid.ts';

const minute = 60_000;
const cells = { fromMs: 600_000, toMs: 1_200_000, cellMs: 300_000 };
/** Samples every `stepMs` from `fromMs` to before `toMs`. */
const scraped = (fromMs: number, toMs: number, stepMs = 15_000): RawSample[] =>
  Array.from({ length: Math.max(0, Math.ceil((toMs - fromMs) / stepMs)) }, (_, i) => [fromMs + i * stepMs, 7]);
const shares = (...series: RawSample[][]) =>
  [...coverageOf(series, cells, 15_000)].map((share) => Math.round(share * 1_000) / 1_000);

describe('coverage', () => {
  test.each<[string, RawSample[][], number[]]>([
    ['nothing at all', [], [0, 0]],
    ['idle but scraped', [scraped(300_000, 1_260_000)], [1, 1]],
    ['scraped at an odd offset', [scraped(303_217, 1_260_000)], [1, 1]],
    ['from the middle on', [scraped(750_000 + 15_000, 1_260_000)], [0.5, 1]],
    ['a minute lost', [[...scraped(300_000, 700_000), ...scraped(765_000, 1_260_000)]], [0.8, 1]],
    ['one scrape lost', [[...scraped(300_000, 700_000), ...scraped(720_000, 1_260_000)]], [1, 1]],
    ['one replica dead, another scraped', [scraped(300_000, 650_000), scraped(303_000, 1_260_000)], [1, 1]],
    ['one replica follows another', [scraped(300_000, 900_000), scraped(900_000, 1_260_000)], [1, 1]],
    ['every minute', [scraped(300_000, 1_260_000, minute)], [1, 1]],
    ['every five minutes', [scraped(0, 1_500_001, 5 * minute)], [1, 1]],
    ['a single sample', [[[900_000, 1]]], [0.05, 0]],
  ])('of %s', (_, series, expected) => {
    expect(shares(...series)).toEqual(expected);
  });

  test('follows a change of the scrape interval', () => {
    const changing = [...scraped(0, 7_200_000, minute), ...scraped(7_200_000, 10_800_000, 5_000)];
    const hours = { fromMs: 3_600_000, toMs: 10_500_000, cellMs: 300_000 };
    expect(Math.min(...coverageOf([changing], hours, 5_000))).toBe(1);
  });

  test('is a share, whatever is given', () => {
    const samples = fc.uniqueArray(fc.integer({ min: 0, max: 1_500_000 }), { maxLength: 100 });
    fc.assert(
      fc.property(fc.array(samples, { maxLength: 4 }), (series) => {
        const given = series.map((times) => times.toSorted((a, b) => a - b).map((atMs): RawSample => [atMs, 1]));
        for (const share of coverageOf(given, cells, 15_000)) {
          expect(share).toBeGreaterThanOrEqual(0);
          expect(share).toBeLessThanOrEqual(1);
        }
      }),
    );
  });
});
