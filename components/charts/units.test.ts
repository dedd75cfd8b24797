import { describe, expect, it } from 'vitest';
import { axisFormat, formatNumber, formatPercent, formatValue, type Unit } from './units.ts';

describe('formatValue', () => {
  it.each<[number | null, Unit, string]>([
    [41.23, 'requests/s', '41.2/s'],
    [212.4, 'requests/s', '212/s'],
    [0, 'requests/s', '0.0/s'],
    [0.124, 'ratio', '12.4 %'],
    [0.0004, 'ratio', '0.04 %'],
    [0, 'ratio', '0 %'],
    [0.00001, 'ratio', '< 0.01 %'],
    [0.99938, 'ratio', '99.938 %'],
    [1, 'ratio', '100 %'],
    [1.84, 'seconds', '1.84 s'],
    [0.38, 'seconds', '380 ms'],
    [0.0031, 'seconds', '3.1 ms'],
    [0.00002, 'seconds', '20 µs'],
    [132 * 60, 'seconds', '2.2 h'],
    [1840, 'milliseconds', '1.84 s'],
    [3, 'milliseconds', '3 ms'],
    [118e6, 'bytes', '118 MB'],
    [1536, 'bytes', '1.54 kB'],
    [12, 'count', '12'],
    [40_663, 'count', '40,663'],
    [2_500_000, 'count', '2.5 M'],
    [0.25, 'cores', '0.25'],
    [14.4, 'times', '14.4×'],
    [124.2, 'times', '124×'],
    [12_345, { money: 'EUR' }, '123.45 EUR'],
    [12_345, { money: 'JPY' }, '12,345 JPY'],
    [null, 'seconds', '–'],
    [Number.NaN, 'seconds', '–'],
    [Number.POSITIVE_INFINITY, 'seconds', '∞'],
  ])('writes %s in %o as %s', (value, unit, text) => expect(formatValue(value, unit)).toBe(text));
});

describe('formatPercent', () => {
  it('keeps the decimals that it is given', () => expect(formatPercent(0.124, 2)).toBe('12.40 %'));
});

describe('formatNumber', () => {
  it('does not write a negative zero', () => expect(formatNumber(-0.001, 1)).toBe('0.0'));
  it('separates thousands', () => expect(formatNumber(-1234567.891, 2)).toBe('−1,234,567.89'));
});

describe('axisFormat', () => {
  it.each<[Unit, number[], string[]]>([
    ['ratio', [0, 0.05, 0.1, 0.15], ['0 %', '5 %', '10 %', '15 %']],
    ['seconds', [0, 1, 2, 3], ['0 s', '1 s', '2 s', '3 s']],
    ['seconds', [0, 0.1, 0.2], ['0 ms', '100 ms', '200 ms']],
    ['seconds', [0, 0.5, 1], ['0.0 s', '0.5 s', '1.0 s']],
    ['milliseconds', [0, 500, 1000], ['0.0 s', '0.5 s', '1.0 s']],
    ['requests/s', [0, 20, 40], ['0', '20', '40']],
    ['bytes', [0, 5e7, 1e8], ['0 MB', '50 MB', '100 MB']],
  ])('writes the ticks of %s', (unit, ticks, texts) => expect(ticks.map(axisFormat(unit, ticks))).toEqual(texts));
});
