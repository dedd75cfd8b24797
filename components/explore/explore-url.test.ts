import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ExploreState,
  exploreKey,
  formatStep,
  mostQueries,
  parseExplore,
  parseStep,
  queryUnits,
  writeExplore,
} from './explore-url.ts';

const query = fc.record({
  expr: fc.string({ minLength: 1, maxLength: 80, unit: 'grapheme' }).filter((text) => text.trim() !== ''),
  hidden: fc.boolean(),
  unit: fc.option(fc.constantFrom(...queryUnits), { nil: null }),
});
const state: fc.Arbitrary<ExploreState> = fc.record({
  queries: fc.array(query, { maxLength: mostQueries }),
  view: fc.constantFrom('chart' as const, 'table' as const),
  stepMs: fc.option(
    fc.integer({ min: 1, max: 30 * 86_400 }).map((s) => s * 1_000),
    { nil: null },
  ),
});

describe('the address of explore', () => {
  it('restores every state that was written into it', () => {
    fc.assert(
      fc.property(state, (wanted) => {
        const text = writeExplore(new URLSearchParams(), wanted).toString();
        expect(parseExplore(new URLSearchParams(text))).toEqual(wanted);
      }),
    );
  });

  it('leaves the parameters of others alone', () => {
    fc.assert(
      fc.property(state, (wanted) => {
        const before = new URLSearchParams('env=production&from=now-6h&to=now&q=old&hide=1');
        const after = writeExplore(before, wanted);
        expect([after.get('env'), after.get('from'), after.get('to')]).toEqual(['production', 'now-6h', 'now']);
        expect(after.getAll('q')).not.toContain('old');
      }),
    );
  });

  it('reads any address without failing', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('q', 'hide', 'unit', 'view', 'step'), fc.string())), (pairs) => {
        const read = parseExplore(new URLSearchParams(pairs));
        expect(read.queries.length).toBeLessThanOrEqual(mostQueries);
      }),
    );
  });

  it('drops blank queries and keeps the numbers of hidden ones right', () => {
    const search = writeExplore(new URLSearchParams(), {
      queries: [
        { expr: '  ', hidden: false, unit: null },
        { expr: 'up', hidden: true, unit: 'count' },
      ],
      view: 'table',
      stepMs: 90_000,
    });
    expect(search.toString()).toBe('q=up&hide=1&unit=1%3Acount&view=table&step=90s');
  });

  it('is the same for an address and for the same address with another range', () => {
    const a = new URLSearchParams('q=up&from=now-1h');
    expect(exploreKey(a)).toBe(exploreKey(new URLSearchParams('from=now-6h&q=up&view=chart')));
  });
});

describe('steps', () => {
  it.each([
    ['15s', 15_000],
    ['1m', 60_000],
    ['2h', 7_200_000],
    ['30d', 2_592_000_000],
    ['0s', null],
    ['31d', null],
    ['1.5m', null],
    ['soon', null],
    ['', null],
  ])('reads %o as %o ms', (text, ms) => expect(parseStep(text)).toBe(ms));
  it('are written in the largest unit that fits', () => {
    expect([1_000, 90_000, 60_000, 7_200_000].map(formatStep)).toEqual(['1s', '90s', '1m', '2h']);
  });
});
