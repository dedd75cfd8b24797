import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sloStates } from '#lib/slo/schemas.ts';
import {
  choicesOf,
  filterSlos,
  groupTrouble,
  isFiltered,
  type ListView,
  listViewParams,
  nobody,
  noFilter,
  parseListView,
  rowsOf,
} from './list-view.ts';
import { sloOf } from './testing/summary.ts';

const everything: ListView = { ...noFilter, group: null, sort: null };
const params = (view: ListView) => {
  const all = new URLSearchParams();
  for (const [name, value] of Object.entries(listViewParams(view))) if (value !== null) all.set(name, value);
  return all;
};
const word = fc.string({ minLength: 1, maxLength: 20 });

describe('the address of the list', () => {
  it('gives back the view that it was written from', () => {
    const view: fc.Arbitrary<ListView> = fc.record({
      q: fc.string({ maxLength: 40 }),
      service: fc.option(word),
      owner: fc.option(word),
      tier: fc.option(fc.integer({ min: 1, max: 4 })),
      state: fc.option(fc.constantFrom(...sloStates)),
      group: fc.option(fc.constantFrom('service', 'objective')),
      sort: fc.option(fc.record({ column: fc.constantFrom('budget', 'burn', 'owner'), descending: fc.boolean() })),
    });
    fc.assert(
      fc.property(view, (one) => {
        expect(parseListView(params(one))).toEqual(one);
      }),
    );
  });

  it('leaves out what it cannot read', () => {
    const garbage = new URLSearchParams('state=fine&tier=x&group=colour&sort=-weather&service=');
    expect(parseListView(garbage)).toEqual(everything);
  });
});

const slos = [
  sloOf('payment-availability', { state: 'breached', owner: 'Payments', tier: 1 }),
  sloOf('order-latency', { state: 'at_risk', category: 'latency', tier: 2 }),
  sloOf('payment-latency', { category: 'latency', owner: 'Payments', tier: 1 }),
  sloOf('gateway-availability', { state: 'no_traffic', owner: 'Edge' }),
];
const names = (change: Partial<ListView>) => filterSlos(slos, { ...everything, ...change }).map(({ name }) => name);

describe('the filter', () => {
  it.each<[Partial<ListView>, string[]]>([
    [{ service: 'payment' }, ['payment-availability', 'payment-latency']],
    [{ owner: nobody }, ['order-latency']],
    [{ owner: 'Payments', q: 'LATENCY' }, ['payment-latency']],
    [{ tier: 2 }, ['order-latency']],
    [{ state: 'no_traffic' }, ['gateway-availability']],
    [{ q: 'edge avail' }, ['gateway-availability']],
    [{ q: 'nothing' }, []],
  ])('%o leaves %o', (change, left) => expect(names(change)).toEqual(left));

  it('knows when it is on', () => {
    expect(isFiltered({ ...everything, group: 'service' })).toBe(false);
    expect(isFiltered({ ...everything, tier: 1 })).toBe(true);
  });

  it('counts states over what the other filters leave, and keeps empty ones', () => {
    const { states, owners, services, tiers } = choicesOf(slos, {
      ...everything,
      service: 'payment',
      state: 'no_traffic',
    });
    expect(Object.fromEntries(states.map(({ state, count }) => [state, count]))).toEqual({
      breached: 1,
      at_risk: 0,
      no_data: 0,
      no_traffic: 0,
      ok: 1,
    });
    expect(owners).toEqual(['Edge', 'Payments', nobody]);
    expect(services).toEqual(['gateway', 'order', 'payment']);
    expect(tiers).toEqual([1, 2]);
  });
});

describe('grouping', () => {
  const shape = (rows: ReturnType<typeof rowsOf>) =>
    rows.map((row) => (row.kind === 'group' ? `# ${row.label} ${row.count}` : row.slo.name));

  it('keeps the order within groups, and puts the group of the worst first', () => {
    expect(shape(rowsOf(slos, 'service'))).toEqual([
      '# payment 2',
      'payment-availability',
      'payment-latency',
      '# order 1',
      'order-latency',
      '# gateway 1',
      'gateway-availability',
    ]);
    expect(shape(rowsOf(slos, 'objective'))).toEqual([
      '# availability 2',
      'payment-availability',
      'gateway-availability',
      '# latency 2',
      'order-latency',
      'payment-latency',
    ]);
  });

  it('keeps of a closed group its heading, which says what is not well', () => {
    const rows = rowsOf(slos, 'service', new Set(['service payment']));
    expect(shape(rows).slice(0, 2)).toEqual(['# payment 2', '# order 1']);
    const [first] = rows;
    expect(first?.kind === 'group' && groupTrouble(first)).toBe('1 breached');
  });

  it('loses and doubles none', () => {
    const many = fc.array(
      fc.record({ service: fc.constantFrom('a', 'b', 'c'), category: fc.constantFrom('availability', 'latency') }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(many, fc.constantFrom('service', 'objective'), (ones, group) => {
        const all = ones.map((one, i) => sloOf(`slo-${i}`, one as { service: string; category: 'latency' }));
        const rows = rowsOf(all, group).filter((row) => row.kind === 'slo');
        expect(rows.map(({ slo }) => slo.name).sort()).toEqual(all.map(({ name }) => name).sort());
      }),
    );
  });
});
