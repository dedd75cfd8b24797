import { describe, expect, it } from 'vitest';
import type { TraceFacets } from '#lib/traces/schemas.ts';
import { type Stage, stageOf, suggestKeys, suggestValues } from './suggest.ts';
import { parseLine } from './terms.ts';

const facets: TraceFacets = {
  services: ['order', 'payment'],
  operations: [],
  attributes: [
    { scope: 'span', key: 'order.id', indexed: false },
    { scope: 'span', key: 'http.route', indexed: true },
    { scope: 'resource', key: 'service.version', indexed: true },
    { scope: 'span', key: 'odd key', indexed: true },
  ],
  queryLanguage: null,
  serviceRequired: false,
  notes: [],
  sources: [],
};
const value = (draft: string) => stageOf(draft) as Extract<Stage, { kind: 'value' }>;

describe('what is being written', () => {
  it.each([
    ['', { kind: 'key', text: '' }],
    ['http.ro', { kind: 'key', text: 'http.ro' }],
    ['service = pay', { kind: 'value', key: 'service', operator: '=', text: 'pay', name: 'service', scope: null }],
    [
      'http.route != "a b',
      { kind: 'value', key: 'http.route', operator: '!=', text: 'a b', name: 'http.route', scope: null },
    ],
    ['resource.service.version =', { kind: 'value', text: '', name: 'service.version', scope: 'resource' }],
  ])('%s', (draft, stage) => expect(stageOf(draft)).toMatchObject(stage));
});

describe('suggested keys', () => {
  it('say whether they are indexed; those that are come first, those that cannot be written not at all', () => {
    const list = suggestKeys('', facets, false);
    expect(list.map(({ label }) => label)).toEqual([
      'service',
      'operation',
      'status',
      'duration >',
      'duration <',
      'http.route',
      'resource.service.version',
      'order.id',
    ]);
    expect(list.find(({ label }) => label === 'order.id')?.hint).toContain('every span is looked at');
  });
  it('begin with what begins with the text', () => {
    expect(suggestKeys('rout', facets, false).map(({ label }) => label)).toEqual(['http.route']);
    expect(suggestKeys('serv', facets, false).map(({ label }) => label)).toEqual([
      'service',
      'resource.service.version',
    ]);
  });
  it('offer sources only where there are several', () => {
    expect(suggestKeys('source', facets, true)[0]?.label).toBe('source');
    expect(suggestKeys('source', facets, false).map(({ label }) => label)).not.toContain('source');
  });
});

describe('suggested values', () => {
  it('can all be read back', () => {
    const stage = value('http.route = ');
    const values = ['/charges', '/a=b', 'with "quotes"', ' spaced ', '', 'a exists'];
    const list = suggestValues(stage, values);
    expect(list).toHaveLength(values.length + 1);
    for (const { text, id } of list) {
      const wanted = id === 'exists' ? 'http.route' : `http.route=${id.slice('value '.length)}`;
      expect(parseLine(text)).toEqual([{ field: 'attribute', filter: wanted }]);
    }
  });
  it('offer what was written beside what is known', () => {
    expect(suggestValues(value('http.route = /ch'), ['/charges']).map(({ label }) => label)).toEqual([
      '/charges',
      '/ch',
    ]);
    expect(suggestValues(value('http.route = /charges'), ['/charges'])).toHaveLength(1);
  });
  it('keep the operator', () => {
    expect(suggestValues(value('http.route != /ch'), ['/charges'])[0]?.text).toBe('http.route != /charges');
    expect(suggestValues(value('duration < '), ['1s'])[0]?.text).toBe('duration < 1s');
    expect(suggestValues(value('service = pay'), ['payment'])[0]?.text).toBe('service = payment');
  });
});
