import { describe, expect, it } from 'vitest';
import { type Series, statLabel } from '#lib/adapters/prometheus/index.ts';
import { buildGraph, type GraphInput } from './map-graph.ts';
import type { MapEdge, MapNode } from './map-schemas.ts';
import { withoutGraph } from './see-map.ts';

type Edge = [client: string, server: string, connection?: string];

const series = (labels: Record<string, string>, value: number): Series => ({ labels, points: [[0, value]] });
const labelsOf = ([client, server, connection]: Edge) => ({
  client,
  server,
  ...(connection ? { connection_type: connection } : {}),
});
const stat = (name: string, edge: Edge, value: number, more = {}) =>
  series({ ...labelsOf(edge), [statLabel]: name, ...more }, value);

/** All requests of an edge within one bucket. */
const within = (side: 'server' | 'client', edge: Edge, rate: number, [below, le]: [string, string]) => [
  stat(side, edge, 0, { le: below }),
  stat(side, edge, rate, { le }),
  stat(side, edge, rate, { le: '+Inf' }),
];

const service = (name: string, more: Partial<GraphInput['services'][number]> = {}): GraphInput['services'][number] => ({
  name,
  kind: 'service',
  state: 'ok',
  owner: null,
  red: null,
  callers: null,
  ...more,
});

const graph = (input: Partial<GraphInput>) => {
  const built = buildGraph({ seen: [], rates: [], durations: [], services: [], isNow: true, ...input });
  const node = (id: string) => built.nodes.find((one) => one.id === id) as MapNode;
  const edge = (from: string, to: string) => built.edges.find((one) => one.from === from && one.to === to) as MapEdge;
  return { ...built, node, edge };
};

describe('kinds of nodes', () => {
  it('takes databases, strangers and queues by how they are reached, services by name', () => {
    const { nodes } = graph({
      rates: [
        stat('rate', ['order', 'payment'], 1),
        stat('rate', ['order', 'postgres', 'database'], 1),
        stat('rate', ['order', 'events', 'messaging_system'], 1),
        stat('rate', ['payment', 'card-network', 'virtual_node'], 1),
        stat('rate', ['user', 'gateway', 'virtual_node'], 1),
        stat('rate', ['traffic', 'gateway'], 1),
      ],
      services: [service('traffic', { kind: 'client' })],
    });
    expect(nodes.map(({ id, kind, name }) => [id, kind, name])).toEqual([
      ['database:postgres', 'database', 'postgres'],
      ['external:card-network', 'external', 'card-network'],
      ['gateway', 'service', 'gateway'],
      ['messaging:events', 'messaging', 'events'],
      ['order', 'service', 'order'],
      ['payment', 'service', 'payment'],
      ['traffic', 'client', 'traffic'],
      ['user', 'client', 'user'],
    ]);
  });

  it('knows a dead service again, though nothing but its callers tell of it', () => {
    const { nodes, edge, node } = graph({
      rates: [
        stat('rate', ['order', 'ledger', 'virtual_node'], 2),
        stat('errors', ['order', 'ledger', 'virtual_node'], 2),
      ],
      services: [service('ledger', { state: 'failing', owner: 'Payments' })],
    });
    expect(nodes.map(({ id }) => id)).toEqual(['ledger', 'order']);
    expect(node('ledger')).toMatchObject({ kind: 'service', state: 'failing', owner: 'Payments', errorRatio: 1 });
    expect(edge('order', 'ledger')).toMatchObject({ rate: 2, errorRatio: 1 });
  });

  it('keeps a database apart from a service of the same name', () => {
    const { nodes, edges } = graph({
      rates: [stat('rate', ['order', 'catalog', 'database'], 1), stat('rate', ['gateway', 'order'], 1)],
    });
    expect(nodes.map(({ id }) => id)).toContain('database:catalog');
    expect(edges.map(({ to }) => to)).toEqual(['order', 'database:catalog']);
  });

  it('tells a consumer from the queue, and marks what goes through one', () => {
    const { node, edge } = graph({
      rates: [stat('rate', ['order', 'mailer', 'messaging_system'], 1), stat('rate', ['order', 'payment'], 1)],
      services: [service('mailer')],
    });
    expect(node('mailer').kind).toBe('service');
    expect(edge('order', 'mailer').isAsync).toBe(true);
    expect(edge('order', 'payment').isAsync).toBe(false);
  });
});

describe('figures', () => {
  it('adds up what is reached in more than one way', () => {
    const { edges, edge } = graph({
      rates: [
        stat('rate', ['order', 'payment'], 3),
        stat('rate', ['order', 'payment', 'virtual_node'], 1),
        stat('errors', ['order', 'payment', 'virtual_node'], 1),
      ],
    });
    expect(edges).toHaveLength(1);
    expect(edge('order', 'payment')).toMatchObject({ rate: 4, errorRatio: 0.25 });
  });

  it('reads quantiles from the buckets of the side that measures, and sums them for the node', () => {
    const { edge, node } = graph({
      rates: [stat('rate', ['a', 'c'], 3), stat('rate', ['b', 'c'], 1)],
      durations: [...within('server', ['a', 'c'], 3, ['0.1', '0.2']), ...within('server', ['b', 'c'], 1, ['1', '2'])],
    });
    expect(edge('a', 'c')).toMatchObject({ side: 'server', p50Ms: 150 });
    expect(edge('b', 'c').p50Ms).toBe(1_500);
    expect(node('c').p95Ms).toBeGreaterThan(1_000);
    expect(node('c').p50Ms).toBeLessThan(200);
  });

  it('takes the durations of the caller where the other end measures none: Tempo counts it as zero seconds', () => {
    const stranger: Edge = ['payment', 'card-network', 'virtual_node'];
    const { edge } = graph({
      rates: [stat('rate', stranger, 1)],
      durations: [...within('server', stranger, 1, ['0', '0.1']), ...within('client', stranger, 1, ['0.4', '0.8'])],
    });
    expect(edge('payment', 'external:card-network')).toMatchObject({ side: 'client', p50Ms: 600 });
    const user: Edge = ['user', 'gateway', 'virtual_node'];
    const begun = graph({
      rates: [stat('rate', user, 1)],
      durations: [...within('client', user, 1, ['0', '0.1']), ...within('server', user, 1, ['0.4', '0.8'])],
    });
    expect(begun.edge('user', 'gateway')).toMatchObject({ side: 'server', p50Ms: 600 });
  });

  it('of a service are its own where it measures itself, so that they are the same as on its page', () => {
    const own = { rate: 9, errorRatio: 0, p50Ms: 1, p95Ms: 2, p99Ms: 3, convention: 'otel-http', lastWeek: null };
    const rates = [stat('rate', ['a', 'b'], 8), stat('errors', ['a', 'b'], 1)];
    const services = [service('b', { red: own })];
    expect(graph({ rates, services }).node('b')).toMatchObject({ rate: 9, errorRatio: 0, p95Ms: 2 });
    expect(graph({ rates, services }).edge('a', 'b').errorRatio).toBe(0.125);
    expect(graph({ rates, services, isNow: false }).node('b')).toMatchObject({ rate: 8, errorRatio: 0.125 });
  });

  it('keeps a call that nobody makes any more, without figures', () => {
    const { edge, node } = graph({ seen: [series({ client: 'order', server: 'payment', connection_type: '' }, 1)] });
    const nothing = { rate: 0, errorRatio: null, p50Ms: null, p95Ms: null };
    expect(edge('order', 'payment')).toMatchObject(nothing);
    expect(node('payment')).toMatchObject(nothing);
  });

  it('never shows more failures than requests, nor a sample that is no number', () => {
    const { edge, edges } = graph({
      rates: [
        stat('rate', ['a', 'b'], 1),
        stat('errors', ['a', 'b'], 1.2),
        stat('rate', ['a', 'c'], Number.NaN),
        stat('rate', ['', 'c'], 1),
        stat('rate', ['a', 'a'], 1),
      ],
    });
    expect(edge('a', 'b').errorRatio).toBe(1);
    expect(edges).toHaveLength(1);
  });
});

describe('services without calls', () => {
  const red = { rate: 5, errorRatio: 0.5, p50Ms: 1, p95Ms: 2, p99Ms: 3, convention: 'otel-http', lastWeek: null };

  it('stand by themselves while they have traffic or fail', () => {
    const { nodes } = graph({
      services: [
        service('busy', { red }),
        service('dead', { state: 'failing' }),
        service('idle', { state: 'no_traffic', red: { ...red, rate: 0 } }),
      ],
    });
    expect(nodes.map(({ id }) => id)).toEqual(['busy', 'dead']);
    expect(nodes[0]).toMatchObject({ rate: 5, errorRatio: 0.5, p95Ms: 2 });
  });

  it('are not mixed into the past: neither how they are now nor what they measure now', () => {
    const { nodes } = graph({
      isNow: false,
      services: [service('busy', { red }), service('order', { state: 'failing', owner: 'Shop' })],
      rates: [stat('rate', ['gateway', 'order'], 1)],
    });
    expect(nodes.map(({ id, state, owner }) => [id, state, owner])).toEqual([
      ['gateway', null, null],
      ['order', null, 'Shop'],
    ]);
  });
});

it('gives the same order whatever the order of the series', () => {
  const rates = [
    stat('rate', ['b', 'c'], 1),
    stat('rate', ['a', 'c'], 1),
    stat('rate', ['a', 'b'], 1),
    stat('rate', ['a', 'pg', 'database'], 1),
  ];
  const forward = buildGraph({ seen: [], rates, durations: [], services: [], isNow: true });
  const backward = buildGraph({ seen: [], rates: [...rates].reverse(), durations: [], services: [], isNow: true });
  expect(backward).toEqual(forward);
  expect(forward.nodes.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'database:pg']);
});

describe('without a graph', () => {
  const label = 'deployment_environment_name';
  it('says where one comes from', () => {
    expect(withoutGraph('production', [], label).join()).toMatch(/receiver.*\/metrics.*Tempo/);
  });
  it('says that the graph does not tell environments apart', () => {
    expect(withoutGraph('staging', [series({}, 3)], label).join()).toMatch(/does not say the environment/);
  });
  it('says where there is traffic', () => {
    const elsewhere = [series({ [label]: 'staging' }, 3), series({ [label]: 'canary' }, 1)];
    expect(withoutGraph('production', elsewhere, label).join()).toMatch(/production.*canary, staging/);
  });
  it('names no environment that whoever asks does not reach', () => {
    const elsewhere = [series({ [label]: 'staging' }, 3), series({ [label]: 'canary' }, 1)];
    const said = (reaches: (name: string) => boolean) => withoutGraph('production', elsewhere, label, reaches).join();
    expect(said((name) => name === 'canary')).toMatch(/some in canary\.$/);
    expect(said(() => false)).toBe('No call was traced in production in this time.');
  });
});
