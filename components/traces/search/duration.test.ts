import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationSpan, durationWords, formatDuration, parseDuration } from './duration.ts';

describe('a duration', () => {
  it.each([
    ['250ms', 250],
    ['1.2s', 1_200],
    ['1,2 s', 1_200],
    [' 90 s ', 90_000],
    ['1m30s', 90_000],
    ['2 min', 120_000],
    ['1h', 3_600_000],
    ['500us', 0.5],
    ['500µs', 0.5],
    ['100ns', 0.0001],
    ['.5s', 500],
    ['0', 0],
    ['2S', 2_000],
  ])('is read from %s', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each([
    ['250', 'must have a unit, such as 250ms or 250s'],
    ['fast', 'must be a duration, such as 250ms or 1.2s'],
    ['', 'must be a duration, such as 250ms or 1.2s'],
    ['-5ms', 'must be a duration, such as 250ms or 1.2s'],
    ['5ms later', 'must be a duration, such as 250ms or 1.2s'],
    ['1.2.3s', 'must be a duration, such as 250ms or 1.2s'],
    ['9999h', 'must be 30 days or less'],
    ['1e3ms', 'must be a duration, such as 250ms or 1.2s'],
  ])('is not read from “%s”', (text, why) => expect(parseDuration(text)).toBe(why));

  it('reads back what it writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_000_000_000 }), (us) => {
        expect(parseDuration(formatDuration(us / 1_000))).toBeCloseTo(us / 1_000, 6);
      }),
    );
  });
  it('never throws, whatever is written', () => {
    fc.assert(fc.property(fc.string(), (text) => ['number', 'string'].includes(typeof parseDuration(text))));
  });
});

describe('durations in words', () => {
  it.each([
    [1_150, 2_600, '1.15 to 2.6 s'],
    [80, 1_200, '80 ms to 1.2 s'],
  ])('%d to %d', (min, max, words) => expect(durationSpan(min, max)).toBe(words));
  it.each([
    [null, null, 'any duration'],
    [250, null, '250 ms or more'],
    [null, 2_000, 'up to 2 s'],
    [250, 400, '250 to 400 ms'],
  ])('%o and %o', (min, max, words) => expect(durationWords(min, max)).toBe(words));
});
