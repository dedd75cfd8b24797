import { describe, expect, test } from 'vitest';
import { formatNs, placeIn, shownPart, sinceText, spanTicks } from './span-time.ts';

describe('lengths of time', () => {
  test('are written in the unit that reads best', () => {
    expect([0, 400, 12_000, 312_000_000, 1_843_000_000].map(formatNs)).toEqual([
      '0 ms',
      '400 ns',
      '12 µs',
      '312 ms',
      '1.84 s',
    ]);
  });
});

describe('ticks', () => {
  const labels = (fromNs: number, toNs: number, most = 5) => {
    const { values, label } = spanTicks({ fromNs, toNs }, most);
    return values.map(label);
  };

  test('are round, from zero on', () => {
    expect(labels(0, 1.94e9)).toEqual(['0.0 s', '0.5 s', '1.0 s', '1.5 s']);
    expect(labels(0, 40e6, 4)).toEqual(['0 ms', '10 ms', '20 ms', '30 ms', '40 ms']);
  });

  test('are round inside a part as well', () => {
    expect(labels(312e6, 361e6)).toEqual(['320 ms', '330 ms', '340 ms', '350 ms', '360 ms']);
  });

  test('go down to nanoseconds', () => {
    expect(labels(100, 500, 4)).toEqual(['100 ns', '200 ns', '300 ns', '400 ns', '500 ns']);
    expect(labels(0, 1)).toEqual(['0 ns', '1 ns']);
  });

  test('are few, however long or short the part', () => {
    for (const length of [1, 7, 1e3, 123_456, 1e9, 3.3e12, 9e15]) {
      for (const from of [0, 5, 1e9]) {
        const { values } = spanTicks({ fromNs: from, toNs: from + length }, 6);
        expect(values.length).toBeLessThanOrEqual(7);
      }
    }
  });
});

test('a place in a part', () => {
  expect(placeIn({ fromNs: 100, toNs: 300 }, 200)).toBe(0.5);
  expect(placeIn({ fromNs: 100, toNs: 300 }, 0)).toBe(-0.5);
  expect(placeIn({ fromNs: 5, toNs: 5 }, 5)).toBe(0);
});

test('the part that is shown has a length, also for a trace without one', () => {
  expect(shownPart(null, 0)).toEqual({ fromNs: 0, toNs: 1 });
  expect(shownPart({ fromNs: 10, toNs: 20 }, 100)).toEqual({ fromNs: 10, toNs: 20 });
  expect(shownPart({ fromNs: 1_000, toNs: 2_000 }, 100)).toEqual({ fromNs: 0, toNs: 100 });
});

test('a time since something says when it was before', () => {
  expect(sinceText(380e6)).toBe('+380 ms');
  expect(sinceText(-12_000)).toBe('−12 µs');
  expect(sinceText(-400)).toBe('−400 ns');
  expect(sinceText(0)).toBe(`+${formatNs(0)}`);
});
