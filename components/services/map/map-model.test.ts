import { describe, expect, it } from 'vitest';
import type { MapEdge, MapNode } from '#lib/telemetry/map-schemas.ts';
import { edgeTraces } from './map-links.ts';
import {
  edgeStanding,
  edgeWidth,
  findNodes,
  neighbourhood,
  nodeStanding,
  worstFirst,
  worstNodesFirst,
} from './map-model.ts';

const node = (id: string, more: Partial<MapNode> = {}): MapNode => ({
  id,
  name: id,
  kind: 'service',
  rate: 1,
  errorRatio: 0,
  p50Ms: 5,
  p95Ms: 20,
  state: 'ok',
  owner: null,
  ...more,
});
const edge = (from: string, to: string, more: Partial<MapEdge> = {}): MapEdge => ({
  from,
  to,
  rate: 1,
  errorRatio: 0,
  p50Ms: 5,
  p95Ms: 20,
  side: 'server',
  isAsync: false,
  ...more,
});

// web → gateway → order → payment → bank; gateway → product → db; order → db; job → order
const graph = {
  nodes: ['web', 'gateway', 'order', 'payment', 'bank', 'product', 'db', 'job'].map((id) => node(id)),
  edges: [
    edge('web', 'gateway'),
    edge('gateway', 'order'),
    edge('order', 'payment'),
    edge('payment', 'bank'),
    edge('gateway', 'product'),
    edge('product', 'db'),
    edge('order', 'db'),
    edge('job', 'order'),
    edge('job', 'gateway'),
  ],
};
const ids = ({ nodes }: { nodes: readonly MapNode[] }) => nodes.map(({ id }) => id).sort();

describe('the neighbourhood of a service', () => {
  it('has its callers and dependencies, not what they call beside', () => {
    expect(ids(neighbourhood(graph, 'order', 1))).toEqual(['db', 'gateway', 'job', 'order', 'payment']);
    expect(ids(neighbourhood(graph, 'order', 2))).toEqual(['bank', 'db', 'gateway', 'job', 'order', 'payment', 'web']);
    expect(ids(neighbourhood(graph, 'payment', null))).toEqual(['bank', 'gateway', 'job', 'order', 'payment', 'web']);
  });
  it('has the calls among the callers that lead to it', () => {
    const { edges } = neighbourhood(graph, 'order', 1);
    expect(edges.map(({ from, to }) => `${from} ${to}`)).toEqual([
      'gateway order',
      'order payment',
      'order db',
      'job order',
      'job gateway',
    ]);
  });
  it('ends in a graph with cycles', () => {
    const round = { nodes: [node('a'), node('b')], edges: [edge('a', 'b'), edge('b', 'a')] };
    expect(ids(neighbourhood(round, 'a', null))).toEqual(['a', 'b']);
  });
  it('is empty for what is not on the map', () => {
    expect(neighbourhood(graph, 'gone', 2)).toEqual({ nodes: [], edges: [] });
  });
});

describe('how a node stands', () => {
  it.each([
    [{ errorRatio: 0.02, state: null }, 'failing'],
    // Traces may call a refused request a failure, which the service does not.
    [{ errorRatio: 0.02, state: 'ok' as const }, 'ok'],
    [{ state: 'failing' as const }, 'failing'],
    [{ state: 'stale' as const, errorRatio: 0.5 }, 'late'],
    [{ state: 'slow' as const }, 'slow'],
    [{ state: 'no_data' as const, rate: 0, errorRatio: null }, 'nodata'],
    [{ state: null, kind: 'database' as const, p95Ms: 900 }, 'slow'],
    [{ state: null, kind: 'database' as const, rate: 0, errorRatio: null }, 'idle'],
    [{ state: null, kind: 'client' as const, rate: 0, errorRatio: null }, 'idle'],
    [{ state: 'ok' as const, kind: 'client' as const, rate: 0, errorRatio: null }, 'ok'],
    [{ state: 'no_traffic' as const, rate: 0, errorRatio: null }, 'idle'],
    // The list of services sees no requests, but its callers do.
    [{ state: 'no_traffic' as const, rate: 3 }, 'ok'],
  ])('%o is %s', (more, status) => {
    expect(nodeStanding(node('a', more)).status).toBe(status);
  });
});

describe('order', () => {
  it('puts failing calls first by failures per second, then slow, then busy ones', () => {
    const edges = [
      edge('a', 'quiet', { rate: 1 }),
      edge('a', 'busy', { rate: 100 }),
      edge('a', 'slow', { p95Ms: 900 }),
      edge('a', 'rare', { rate: 0.1, errorRatio: 1 }),
      edge('a', 'many', { rate: 50, errorRatio: 0.1 }),
      edge('a', 'none', { rate: 0, errorRatio: null, p95Ms: null }),
    ];
    expect(edges.sort(worstFirst).map(({ to }) => to)).toEqual(['many', 'rare', 'slow', 'busy', 'quiet', 'none']);
    expect(edgeStanding(edge('a', 'b', { rate: 0, errorRatio: null })).word).toBe('no traffic');
  });
  it('puts failing services first', () => {
    const nodes = [
      node('idle', { state: null, rate: 0 }),
      node('fine'),
      node('ill', { errorRatio: 0.5, state: 'failing' }),
    ];
    expect(nodes.sort(worstNodesFirst).map(({ id }) => id)).toEqual(['ill', 'fine', 'idle']);
  });
});

it('draws busier calls wider, within bounds', () => {
  const widths = [0, 0.1, 1, 10, 100, 1e9].map(edgeWidth);
  expect(widths).toEqual([...widths].sort((a, b) => a - b));
  expect(widths[0]).toBe(1);
  expect(widths.at(-1)).toBe(5);
  expect(edgeWidth(Number.NaN)).toBe(1);
});

it('finds nodes by part of the name, the beginning first', () => {
  const nodes = ['repayment', 'payment', 'payment-worker', 'order'].map((id) => node(id));
  expect(findNodes(nodes, ' PAY').map(({ id }) => id)).toEqual(['payment', 'payment-worker', 'repayment']);
  expect(findNodes(nodes, ' ')).toEqual([]);
});

describe('traces of a call', () => {
  it('are those of the caller that name the called one', () => {
    expect(edgeTraces(node('order'), node('payment'))).toBe('/traces?service=order&attr=peer.service%3Dpayment');
    expect(edgeTraces(node('order'), node('payment'), true)).toContain('status=error');
  });
  it('are those of the caller for a database, and of the called one for a stranger', () => {
    expect(edgeTraces(node('order'), node('database:pg', { name: 'pg', kind: 'database', state: null }))).toBe(
      '/traces?service=order',
    );
    expect(edgeTraces(node('user', { kind: 'client', state: null }), node('gateway'))).toBe('/traces?service=gateway');
    expect(edgeTraces(undefined, undefined)).toBeNull();
  });
});
