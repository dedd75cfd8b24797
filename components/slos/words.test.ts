import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { figuresOf, sloOf } from './testing/summary.ts';
import {
  budgetText,
  budgetTone,
  burnText,
  eventsText,
  factorText,
  noneLeft,
  noneLeftText,
  sliText,
  targetText,
  whenText,
  windowText,
} from './words.ts';

describe('percentages', () => {
  it.each([
    [0.9995, '99.95 %'],
    [0.999, '99.9 %'],
    [0.99, '99 %'],
    [0.99999, '99.999 %'],
    [0.5, '50 %'],
  ])('writes the objective %d without needless zeros', (target, text) => expect(targetText(target)).toBe(text));

  it.each([
    [0.99938, 0.999, '99.938 %'],
    [0.9994999, 0.9995, '99.9499 %'],
    [0.9999999, 0.999, '99.999 %'],
    [1, 0.999, '100.000 %'],
    [0, 0.99, '0.00 %'],
    [null, 0.99, '–'],
  ])('writes the SLI %d of %d as %s', (sli, target, text) => expect(sliText(sli, target)).toBe(text));

  it('never shows an SLI below its objective as the objective', () => {
    const number = (text: string) => Number(text.replace(' %', ''));
    fc.assert(
      fc.property(
        fc.constantFrom(0.9, 0.99, 0.995, 0.999, 0.9995, 0.9999),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (target, sli) => {
          fc.pre(sli < target - 1e-7);
          expect(number(sliText(sli, target))).toBeLessThan(number(targetText(target)));
        },
      ),
    );
  });

  it.each([
    [0.381, 0, '38 %'],
    [0.381, 1, '38.1 %'],
    [-0.37, 0, '−37 %'],
    [-12.5, 0, '−1,250 %'],
    [0.001, 0, '< 1 %'],
    [0.0001, 1, '< 0.1 %'],
    [0, 0, '0 %'],
    [1, 0, '100 %'],
    [null, 0, '–'],
    [Number.NaN, 0, '–'],
  ])('writes the budget %d with %i decimals as %s', (left, digits, text) =>
    expect(budgetText(left, digits)).toBe(text),
  );
});

describe('burn rates', () => {
  it.each([
    [124.2, '124×'],
    [57, '57.0×'],
    [9.656, '9.66×'],
    [0.99, '0.99×'],
    [0.001, '< 0.01×'],
    [0, '0×'],
    [null, '–'],
  ])('writes %d as %s', (burn, text) => expect(burnText(burn)).toBe(text));

  it.each([
    [14.4, '14.4×'],
    [6, '6×'],
    [0.933333333333, '0.9333×'],
  ])('writes the threshold %d as %s', (factor, text) => expect(factorText(factor)).toBe(text));
});

it.each([
  [40_663, '40,663'],
  [0.5, '0.5'],
  [12, '12'],
  [1234.56, '1,235'],
])('writes %d events as %s', (count, text) => expect(eventsText(count)).toBe(text));

it.each([
  [{ kind: 'rolling', days: 30 } as const, '30 days rolling'],
  [{ kind: 'rolling', days: 1 } as const, '1 day rolling'],
  [{ kind: 'calendar', unit: 'month', timeZone: 'Europe/Berlin' } as const, 'calendar month in Europe/Berlin'],
])('names the window %o', (window, text) => expect(windowText(window)).toBe(text));

describe('when nothing is left', () => {
  const now = Date.parse('2026-11-21T14:30:00Z');
  const at = (exhaustedAt: string | null, budgetLeft: number | null = 0.5) =>
    noneLeft(sloOf('a', { exhaustedAt, figures: figuresOf({ budgetLeft }) }), now);

  it.each([
    ['2026-11-21T16:42:30Z', '2 h 12 min'],
    ['2026-11-26T12:00:00Z', '4.9 d'],
    ['2026-11-21T14:30:20Z', '20 s'],
    ['2026-11-21T14:00:00Z', '0 s'],
  ])('counts down to %s: %s', (exhaustedAt, text) => expect(noneLeftText(at(exhaustedAt))).toBe(text));

  it('tells lasting, spent and unknown apart', () => {
    expect(noneLeftText(at(null))).toBe('lasts');
    expect(noneLeftText(at('2026-11-21T16:42:00Z', -0.2))).toBe('none left');
    expect(noneLeftText(at(null, 0))).toBe('none left');
    expect(noneLeftText(at(null, null))).toBe('–');
    expect(noneLeft(sloOf('a', { figures: null }), now)).toEqual({ kind: 'unknown' });
  });

  it.each([
    ['2026-11-21T16:42:00Z', '16:42'],
    ['2026-11-24T14:00:00Z', '24 Nov, 14:00'],
    ['2026-12-11T14:00:00Z', '11 Dec'],
    ['2027-02-01T14:00:00Z', '1 Feb 2027'],
  ])('says %s as %s', (text, words) => expect(whenText(Date.parse(text), 'utc', now)).toBe(words));
});

it.each([
  [{ state: 'ok', firing: null }, 'good'],
  [{ state: 'ok', firing: 'ticket' }, 'warn'],
  [{ state: 'at_risk', firing: 'page' }, 'bad'],
  [{ state: 'breached', firing: null }, 'bad'],
  [{ state: 'no_traffic', firing: null }, undefined],
] as const)('colours the bar of %o %s', (slo, tone) => expect(budgetTone(slo)).toBe(tone));
