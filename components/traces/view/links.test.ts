import { describe, expect, test } from 'vitest';
import { parseFilter } from '#lib/traces/filter-rules.ts';
import { filterText, rangeAround, searchHref, traceHref } from './links.ts';

const noon = Date.parse('2026-11-21T12:00:00Z');

describe('links of a trace', () => {
  test('keep the page’s own time where the trace is in it', () => {
    expect(rangeAround('2026-11-21T12:00:00Z', { fromMs: noon - 1, toMs: noon + 1 })).toEqual({});
    expect(rangeAround(undefined, { fromMs: 0, toMs: 1 })).toEqual({});
    expect(rangeAround('yesterday', { fromMs: 0, toMs: 1 })).toEqual({});
  });

  test('go to the time of the trace where it is not', () => {
    expect(rangeAround('2026-11-21T12:00:00Z', { fromMs: noon + 1, toMs: noon + 2 })).toEqual({
      from: '2026-11-21T11:30:00.000Z',
      to: '2026-11-21T12:30:00.000Z',
    });
  });

  test('carry conditions that the search reads again', () => {
    const attr = filterText('span', 'http.route', '/a=b?c&d');
    expect(parseFilter(attr!)).toEqual({ scope: 'span', key: 'http.route', operator: '=', value: '/a=b?c&d' });
    const href = searchHref({ service: 'order', attr: [attr!] });
    expect(new URLSearchParams(href.split('?')[1]).getAll('attr')).toEqual([attr]);
    expect(searchHref({})).toBe('/traces');
    expect(traceHref('ab', { span: 'cd' })).toBe('/traces/ab?span=cd');
  });

  test('are not offered for what cannot be searched by', () => {
    expect(filterText('span', 'list', [1, 2])).toBeNull();
    expect(filterText('span', 'a=b', 'x')).toBeNull();
    expect(filterText('span', 'long', 'x'.repeat(600))).toBeNull();
    expect(filterText('resource', 'n', 502)).toBe('resource.n=502');
    expect(filterText('span', 'ok', false)).toBe('span.ok=false');
  });
});
