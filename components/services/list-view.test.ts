import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ServiceSummary } from '#lib/telemetry/schemas.ts';
import { serviceStates } from '#lib/telemetry/state-rules.ts';
import { choicesOf, filterServices, type ListView, listViewParams, nobody, parseListView } from './list-view.ts';

const everything: ListView = { q: '', owner: null, tier: null, state: null, sort: null };

const service = (name: string, rest: Partial<ServiceSummary> = {}): ServiceSummary => ({
  environment: 'production',
  name,
  kind: 'service',
  description: null,
  owner: null,
  tier: null,
  lifecycle: null,
  repository: null,
  links: [],
  state: 'ok',
  reasons: [],
  red: null,
  callers: null,
  replicas: null,
  versions: [],
  sparkline: null,
  ...rest,
});

const toParams = (view: ListView) => {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(listViewParams(view))) if (value !== null) params.set(name, value);
  return params;
};

describe('the address of the list', () => {
  it('gives back the view that it was written from', () => {
    const view = fc.record({
      q: fc.string({ maxLength: 40 }),
      owner: fc.option(fc.string({ minLength: 1, maxLength: 20 })),
      tier: fc.option(fc.integer({ min: 1, max: 4 })),
      state: fc.option(fc.constantFrom(...serviceStates)),
      sort: fc.option(fc.record({ column: fc.constantFrom('rate', 'errors', 'owner'), descending: fc.boolean() })),
    });
    fc.assert(
      fc.property(view, (one) => {
        expect(parseListView(toParams(one))).toEqual(one);
      }),
    );
  });

  it('reads what it does not know as nothing', () => {
    const params = new URLSearchParams('state=bad&tier=x&sort=-nothing&q=');
    expect(parseListView(params)).toEqual(everything);
  });
});

describe('filterServices', () => {
  const all = [
    service('payment', { owner: 'payments', tier: 1, state: 'failing' }),
    service('product', { owner: 'catalogue', tier: 2 }),
    service('legacy', { description: 'Old product import' }),
  ];
  const names = (view: Partial<ListView>) => filterServices(all, { ...everything, ...view }).map(({ name }) => name);

  it('keeps the order in which the services hurt', () => expect(names({})).toEqual(['payment', 'product', 'legacy']));
  it('finds every word in name or description', () => {
    expect(names({ q: 'PROD' })).toEqual(['product', 'legacy']);
    expect(names({ q: 'old prod' })).toEqual(['legacy']);
  });
  it('tells services without an owner from all services', () => expect(names({ owner: nobody })).toEqual(['legacy']));
  it('joins the filters', () => {
    expect(names({ tier: 1, state: 'failing' })).toEqual(['payment']);
    expect(names({ tier: 1, state: 'ok' })).toEqual([]);
  });
  it('offers only what occurs', () =>
    expect(choicesOf(all)).toEqual({
      owners: ['catalogue', 'payments', nobody],
      tiers: [1, 2],
      states: [
        { state: 'failing', count: 1 },
        { state: 'ok', count: 2 },
      ],
    }));
});
