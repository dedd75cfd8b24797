import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cohort } from './cohort-url.ts';
import { anything, isFiltered, parseSearch, type TraceSearch, wantedOf, writeSearch } from './search-url.ts';

const read = (query: string) => parseSearch(new URLSearchParams(query));
const empty: TraceSearch = { ...anything, cohort: null, picked: [] };
const id = (n: number) => n.toString(16).padStart(32, '0');

describe('a search in an address', () => {
  it('is read', () => {
    expect(
      read(
        `service=payment&operation=POST+%2Fcharges&status=error&min=250ms&max=1.2s&attr=http.route%3D%2Fcharges&attr=payment.provider&q=%7B%7D&source=jaeger&pick=${id(1)}&pick=${id(2)}`,
      ),
    ).toEqual({
      service: 'payment',
      operation: 'POST /charges',
      status: 'error',
      minMs: 250,
      maxMs: 1_200,
      attributes: ['http.route=/charges', 'payment.provider'],
      q: '{}',
      source: 'jaeger',
      cohort: null,
      picked: [id(1), id(2)],
    });
  });
  it('leaves out what cannot be read', () => {
    const odd = 'service=&status=slow&min=fast&max=-1s&attr=&attr=a&attr=a&pick=xyz&cohort=box&box=now,then,1s,2s';
    expect(read(odd)).toEqual({ ...empty, attributes: ['a'] });
  });
  it('reads back what it writes, and leaves alone what is not its own', () => {
    const ms = fc.integer({ min: 0, max: 1_000_000 });
    const instant = fc.integer({ min: 1.7e9, max: 1.9e9 }).map((s) => s * 1_000);
    const text = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' });
    const cohort: fc.Arbitrary<Cohort | null> = fc.oneof(
      fc.constant(null),
      fc.constant<Cohort>({ kind: 'errors' }),
      ms.map((slowMs): Cohort => ({ kind: 'slow', slowMs })),
      instant.map((atMs): Cohort => ({ kind: 'after', atMs })),
      fc
        .tuple(instant, fc.integer({ min: 1, max: 9e6 }))
        .map(([fromMs, length]): Cohort => ({ kind: 'window', fromMs, toMs: fromMs + length })),
      fc.tuple(instant, fc.integer({ min: 1, max: 9e6 }), ms, ms).map(
        ([fromMs, length, a, b]): Cohort => ({
          kind: 'box',
          fromMs,
          toMs: fromMs + length,
          minMs: Math.min(a, b),
          maxMs: Math.max(a, b),
        }),
      ),
    );
    const search = fc.record<TraceSearch>({
      service: fc.option(text),
      operation: fc.option(text),
      status: fc.constantFrom(null, 'error', 'ok'),
      minMs: fc.option(ms),
      maxMs: fc.option(ms),
      attributes: fc.uniqueArray(
        text.filter((one) => one.trim() !== ''),
        { maxLength: 5 },
      ),
      q: text.map((one) => one.trim()),
      source: fc.option(text),
      cohort,
      picked: fc.uniqueArray(fc.integer({ min: 1, max: 1e9 }).map(id), { maxLength: 2 }),
    });
    fc.assert(
      fc.property(search, (state) => {
        const written = writeSearch(
          new URLSearchParams('env=staging&from=now-6h&service=old&cohort=errors&box=1'),
          state,
        );
        expect(parseSearch(new URLSearchParams(written.toString()))).toEqual(state);
        expect(written.get('env')).toBe('staging');
        expect(written.get('from')).toBe('now-6h');
      }),
    );
  });
});

describe('a search as the API takes it', () => {
  const range = { env: 'production', from: 'now-1h', to: 'now' };
  it('names only what narrows it down', () => {
    const wanted = wantedOf({ ...anything, service: 'payment', minMs: 0, attributes: ['a=b'] }, range);
    expect(JSON.parse(JSON.stringify(wanted))).toEqual({
      ...range,
      service: 'payment',
      minDurationMs: 0,
      attribute: ['a=b'],
    });
  });
  it('knows whether anything does', () => {
    expect(isFiltered(anything)).toBe(false);
    expect(isFiltered({ ...anything, minMs: 0 })).toBe(true);
    expect(isFiltered({ ...anything, attributes: ['a'] })).toBe(true);
  });
});
