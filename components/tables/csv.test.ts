import { describe, expect, it } from 'vitest';
import { csvCell, fileName, toCsv } from './csv.ts';

describe('csvCell', () => {
  it.each([
    ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@cmd', "'@cmd"],
    ['\t=1', "'\t=1"],
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "x"', '"say ""x"""'],
    [null, ''],
  ])('writes %o as %s', (cell, text) => expect(csvCell(cell)).toBe(text));
  it('leaves numbers as they are', () => {
    expect(csvCell(-1.5)).toBe('-1.5');
    expect(csvCell(Number.NaN)).toBe('');
  });
});

describe('toCsv', () => {
  it('has a header and ends its lines as the standard says', () => {
    expect(toCsv(['time', '=p95'], [['2026-11-21T14:00:00Z', 0.5]])).toBe("time,'=p95\r\n2026-11-21T14:00:00Z,0.5\r\n");
  });
});

describe('fileName', () => {
  it('is safe to save under', () =>
    expect(fileName('payment / p95 – Überblick', 'csv')).toBe('payment-p95-u-berblick.csv'));
});
