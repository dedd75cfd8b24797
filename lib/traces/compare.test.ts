import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ComparedTrace, compareTraces, lengthOf } from './compare-rules.ts';
import { groupAttributes } from './group-attributes-rules.ts';
import { comparedNode } from './schemas.ts';
import { selfTimes } from './self-time-rules.ts';
import { anyRows, type Built, built, builtOf, largeTrace, type Sketch } from './testing/rows.ts';

const sideOf = (trace: Built): ComparedTrace => ({ ...trace, self: selfTimes(trace.spans, trace.tree) });
const compared = (a: Sketch[], b: Sketch[]) => compareTraces(sideOf(built(a)), sideOf(built(b)));
const lines = ({ nodes }: ReturnType<typeof compareTraces>) =>
  nodes.map(({ parent, name, change, a, b }) => `${parent} ${name} ${change} ${a?.count ?? 0}→${b?.count ?? 0}`);

const order: Sketch[] = [
  { id: 'root', for: 100 },
  { id: 'charge', parent: 'root', from: 10, for: 50, service: 'payment' },
  { id: 'stock', parent: 'root', from: 70, for: 10, service: 'product' },
];

describe('two traces', () => {
  test('that are alike differ in nothing', () => {
    const found = compared(order, order);
    expect(lines(found)).toEqual(['-1 root same 1→1', '0 charge same 1→1', '0 stock same 1→1']);
    expect(found.summary).toEqual(['Both take about as long: 100 ms and 100 ms.']);
  });

  test('differ in what is new, gone, slower and faster', () => {
    const found = compared(order, [
      { id: 'root', for: 900 },
      { id: 'charge', parent: 'root', from: 10, for: 800, service: 'payment', status: 'error' },
      { id: 'retry', parent: 'charge', from: 20, for: 5, service: 'payment' },
    ]);
    expect(lines(found)).toEqual(['-1 root slower 1→1', '0 charge slower 1→1', '1 retry new 0→1', '0 stock gone 1→0']);
    expect(found.summary).toEqual([
      'B takes 900 ms, 800 ms longer than A (100 ms).',
      'payment charge failed once in B and never in A.',
      'payment charge itself takes 745 ms longer in B.',
      'a root itself takes 60 ms longer in B.',
      'Only A has product stock, once, for 10 ms.',
      'Only B has payment retry, once, for 5 ms.',
    ]);
  });

  test('meet by path: however often something occurs it is one place', () => {
    const calls = (count: number): Sketch[] =>
      Array.from({ length: count }, (_, index) => ({
        id: `q${index}`,
        name: 'query',
        parent: 'root',
        from: index * 10,
        for: 5,
      }));
    const found = compared([{ id: 'root', for: 500 }, ...calls(2)], [{ id: 'root', for: 500 }, ...calls(40)]);
    expect(lines(found)).toEqual(['-1 root same 1→1', '0 query slower 2→40']);
    expect(found.summary).toContain('a query itself takes 190 ms longer in B (2 times in A, 40 times in B).');
  });

  test('tell places of one name apart', () => {
    const twice: Sketch[] = [
      { id: 'root', for: 500 },
      { id: 'one', parent: 'root', for: 100 },
      { id: 'two', parent: 'root', from: 200, for: 100 },
      { id: 'q1', name: 'query', parent: 'one', for: 10 },
      { id: 'q2', name: 'query', parent: 'two', from: 200, for: 10 },
    ];
    const { summary } = compared(
      twice,
      twice.map((one) => (one.id === 'q2' ? { ...one, for: 90 } : one)),
    );
    expect(summary).toContain('a query (under two) itself takes 80 ms longer in B.');
  });

  test('of whatever a source sends are merged with nothing lost', () => {
    fc.assert(
      fc.property(anyRows, anyRows, (a, b) => {
        const [one, other] = [sideOf(builtOf(a)), sideOf(builtOf(b))];
        const { nodes } = compareTraces(one, other);
        for (const [index, node] of nodes.entries()) {
          expect(comparedNode.safeParse(node).success).toBe(true);
          expect(node.parent).toBeLessThan(index);
        }
        const count = (side: 'a' | 'b') => nodes.reduce((sum, node) => sum + (node[side]?.count ?? 0), 0);
        expect([count('a'), count('b')]).toEqual([one.tree.size, other.tree.size]);
        const same = compareTraces(one, one);
        expect(same.nodes.every(({ change }) => change === 'same')).toBe(true);
        expect(same.summary.length).toBe(1);
      }),
    );
  });

  test('may be a chain of 100,000', () => {
    const chain = sideOf(builtOf(largeTrace(100_000, 'chain')));
    expect(compareTraces(chain, chain).nodes.length).toBe(100_000);
  }, 60_000);
});

test.each([
  [0, '0 ns'],
  [999, '999 ns'],
  [1_500, '1.5 µs'],
  [12_345_678, '12.3 ms'],
  [90e9, '90 s'],
])('%d ns are %s', (ns, text) => {
  expect(lengthOf(ns)).toBe(text);
});

test('attributes are grouped, those that explain most first', () => {
  const groups = groupAttributes(
    {
      'http.route': '/a',
      'url.path': '/a',
      'db.system': 'postgresql',
      'error.type': 'Timeout',
      'payment.method': 'pm_visa',
      'errors.seen': 2,
      'net.peer.name': 'x',
    },
    { 'service.name': 'a', 'host.name': 'h', team: 't' },
  );
  expect(groups.map(({ id, entries }) => [id, entries.map(({ key }) => key)])).toEqual([
    ['error', ['error.type']],
    ['http', ['http.route', 'url.path']],
    ['db', ['db.system']],
    ['network', ['net.peer.name']],
    ['other', ['errors.seen', 'payment.method']],
    ['service', ['service.name']],
    ['host', ['host.name']],
    ['resource', ['team']],
  ]);
  expect(groupAttributes({}, {})).toEqual([]);
});
