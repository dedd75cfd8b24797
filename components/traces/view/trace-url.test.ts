import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  mostFlipped,
  parseTraceView,
  type TraceViewState,
  traceViewKey,
  traceViews,
  usualState,
  writeTraceView,
} from './trace-url.ts';

const read = (text: string) => parseTraceView(new URLSearchParams(text));
const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));

const name = fc.string({ minLength: 1, maxLength: 40 });
const notZero = (id: string) => !/^0+$/.test(id);

const state: fc.Arbitrary<TraceViewState> = fc.record({
  view: fc.constantFrom(...traceViews),
  span: fc.option(hex(16).filter(notZero)),
  find: fc.string({ maxLength: 60 }).map((text) => (text.trim() === '' ? '' : text)),
  rows: fc.oneof(
    fc.constant({ kind: 'all' as const }),
    fc.constant({ kind: 'errors' as const }),
    fc.integer({ min: 1, max: 999 }).map((level) => ({ kind: 'level' as const, level })),
  ),
  flipped: fc.uniqueArray(
    fc.oneof(
      hex(16),
      hex(16).map((id) => `x${id}`),
    ),
    { maxLength: mostFlipped },
  ),
  zoom: fc.option(
    fc
      .tuple(fc.integer({ min: 0, max: 1e12 }), fc.integer({ min: 1, max: 1e12 }))
      .map(([fromNs, length]) => ({ fromNs, toNs: fromNs + length })),
  ),
  mark: fc.option(
    fc.oneof(
      fc.record({ kind: fc.constant('flaw' as const), flaw: name }),
      fc.record({ kind: fc.constant('service' as const), service: name }),
      fc.record({ kind: fc.constant('operation' as const), service: name, name: fc.string({ maxLength: 40 }) }),
    ),
  ),
  rawClocks: fc.boolean(),
  with: fc.option(hex(32).filter(notZero)),
  by: fc.constantFrom('operation' as const, 'service' as const),
  sort: fc.option(fc.constantFrom('self', '-self', 'p95', '-errors')),
});

describe('the view of a trace in the address', () => {
  test('comes back as it was written, whatever it is', () => {
    fc.assert(
      fc.property(state, (wanted) => {
        const url = new URL('http://console/traces/x');
        url.search = writeTraceView(new URLSearchParams('env=staging'), wanted).toString();
        expect(parseTraceView(url.searchParams)).toEqual(wanted);
        expect(url.searchParams.get('env')).toBe('staging');
      }),
    );
  });

  test('reads anything without failing', () => {
    fc.assert(fc.property(fc.webQueryParameters(), (text) => void parseTraceView(new URLSearchParams(text))));
  });

  test('leaves out what is usual', () => {
    expect(writeTraceView(new URLSearchParams(), usualState).toString()).toBe('');
    expect(writeTraceView(new URLSearchParams('from=now-1h'), usualState).toString()).toBe('from=now-1h');
  });

  test('falls back where a part cannot be read', () => {
    expect(read('view=pie&span=<b>&rows=level-0&flip=a,x00000000000000ab,!&zoom=9-3&with=zz&mark=what')).toEqual({
      ...usualState,
      flipped: ['x00000000000000ab'],
    });
    expect(read('zoom=5-5').zoom).toBeNull();
    expect(read('zoom=-5-5').zoom).toBeNull();
  });

  test('keeps the latest rows that were opened by hand', () => {
    const ids = Array.from({ length: mostFlipped + 5 }, (_, i) => (i + 16).toString(16).padStart(16, '0'));
    const written = writeTraceView(new URLSearchParams(), { ...usualState, flipped: ids });
    expect(parseTraceView(written).flipped).toEqual(ids.slice(5));
  });

  test('opens the comparison when another trace is named', () => {
    const other = 'ab'.repeat(16);
    expect(read(`with=${other}`)).toMatchObject({ view: 'compare', with: other });
    expect(read(`with=${other}&view=waterfall`).view).toBe('waterfall');
  });

  test('is the same for addresses that differ only in what is not its own', () => {
    const key = (text: string) => traceViewKey(new URLSearchParams(text));
    expect(key('span=ab&env=x')).toBe(key('from=now-5m&span=AB'));
    expect(key('span=ab')).not.toBe(key('span=ac'));
  });
});
