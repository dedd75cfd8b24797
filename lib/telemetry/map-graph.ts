import { type Series, statLabel } from '#lib/adapters/prometheus/index.ts';
import { errorRatioOf } from './figures.ts';
import type { MapEdge, MapNode, NodeKind } from './map-schemas.ts';
import { figure } from './provenance.ts';
import { type Bucket, histogramQuantile } from './rules.ts';
import type { ServiceSummary } from './schemas.ts';

/** What Tempo calls the caller of a trace that begins with a server span. */
const unknownCaller = 'user';

type Side = MapEdge['side'];

interface Raw {
  client: string;
  server: string;
  connection: string;
  rate: number;
  errors: number;
  buckets: Record<Side, Map<number, number>>;
}

export interface GraphAnswers {
  seen: readonly Series[];
  rates: readonly Series[];
  durations: readonly Series[];
}

type Known = Pick<ServiceSummary, 'name' | 'kind' | 'state' | 'owner' | 'red' | 'callers'>;

export interface GraphInput extends GraphAnswers {
  services: readonly Known[];
  /** The range ends now: what the list of services says holds for it. */
  isNow: boolean;
}

const bound = (le: string | undefined) => (le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le));

function readRaw({ seen, rates, durations }: GraphAnswers): Raw[] {
  const all = new Map<string, Raw>();
  for (const { labels, points } of [...seen, ...rates, ...durations]) {
    const { client, server, connection_type: connection = '' } = labels;
    const value = points.at(-1)?.[1];
    if (!client || !server || value === null || value === undefined || !Number.isFinite(value)) continue;
    const key = `${client}\u0000${server}\u0000${connection}`;
    let raw = all.get(key);
    if (!raw) {
      raw = { client, server, connection, rate: 0, errors: 0, buckets: { server: new Map(), client: new Map() } };
      all.set(key, raw);
    }
    const stat = labels[statLabel];
    if (stat === 'rate') raw.rate += value;
    else if (stat === 'errors') raw.errors += value;
    else if (stat === 'server' || stat === 'client') addTo(raw.buckets[stat], bound(labels.le), value);
  }
  return [...all.values()];
}

function addTo(buckets: Map<number, number>, le: number, count: number): void {
  if (!Number.isNaN(le)) buckets.set(le, (buckets.get(le) ?? 0) + count);
}

const observations = (buckets: ReadonlyMap<number, number>) => buckets.get(Number.POSITIVE_INFINITY) ?? 0;

function quantiles(buckets: ReadonlyMap<number, number>): Pick<MapEdge, 'p50Ms' | 'p95Ms'> {
  const list: Bucket[] = [...buckets].map(([le, count]) => ({ bound: le, count }));
  const inMs = (q: number) => {
    const seconds = histogramQuantile(q, list);
    return seconds === null ? null : figure(seconds * 1_000);
  };
  return { p50Ms: inMs(0.5), p95Ms: inMs(0.95) };
}

interface Ends {
  from: string;
  to: string;
}

/** Sums what comes in parts. */
interface Sum {
  rate: number;
  errors: number;
  buckets: Map<number, number>;
}

interface EdgeSum extends Ends {
  rate: number;
  errors: number;
  buckets: Record<Side, Map<number, number>>;
  isAsync: boolean;
}

const figuresOf = ({ rate, errors, buckets }: Sum) => ({
  rate: figure(rate) ?? 0,
  errorRatio: errorRatioOf(errors, rate),
  ...quantiles(buckets),
});

const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
const byEnds = (a: Ends, b: Ends) => (a.from === b.from ? (a.to < b.to ? -1 : 1) : a.from < b.from ? -1 : 1);

/**
 * Nodes and edges from the series of a service graph, in a fixed order. A name is a service where the list of services
 * knows it or it sends spans itself; else the connection says what it is. A service that is dead appears as a virtual
 * node in the graph and as the service that it is here.
 */
export function buildGraph(input: GraphInput): { nodes: MapNode[]; edges: MapEdge[] } {
  const raws = readRaw(input);
  const known = new Map(input.services.map((service) => [service.name, service]));
  const senders = spanSenders(raws, known);
  const nodes = new Map<string, { name: string; kind: NodeKind }>();
  const nodeId = (name: string, kind: NodeKind) => {
    const id = kind === 'service' || kind === 'client' ? name : `${kind}:${name}`;
    nodes.set(id, { name, kind });
    return id;
  };
  const kindOf = (name: string): NodeKind => (known.get(name)?.kind === 'client' ? 'client' : 'service');

  const edges = new Map<string, EdgeSum>();
  for (const raw of raws) {
    const { client, server, connection } = raw;
    const isSender = senders.has(client);
    const from = nodeId(client, isSender ? kindOf(client) : 'client');
    const to = nodeId(server, senders.has(server) ? kindOf(server) : targetKind(connection));
    // What calls itself within one service is no dependency.
    if (from === to) continue;
    const key = `${from}\u0000${to}`;
    const sum = edges.get(key) ?? {
      from,
      to,
      rate: 0,
      errors: 0,
      buckets: { server: new Map<number, number>(), client: new Map<number, number>() },
      isAsync: true,
    };
    edges.set(key, sum);
    sum.rate += raw.rate;
    sum.errors += raw.errors;
    sum.isAsync &&= connection === 'messaging_system';
    const side = sideOf(raw, isSender);
    for (const [le, count] of raw.buckets[side]) addTo(sum.buckets[side], le, count);
  }

  const served = new Map<string, Sum>();
  const list = [...edges.values()].sort(byEnds).map((sum): MapEdge => {
    const side: Side = observations(sum.buckets.client) > observations(sum.buckets.server) ? 'client' : 'server';
    const node = served.get(sum.to) ?? { rate: 0, errors: 0, buckets: new Map<number, number>() };
    served.set(sum.to, node);
    node.rate += sum.rate;
    node.errors += sum.errors;
    for (const [le, count] of sum.buckets[side]) addTo(node.buckets, le, count);
    const { from, to, isAsync } = sum;
    return { from, to, ...figuresOf({ ...sum, buckets: sum.buckets[side] }), side, isAsync };
  });

  if (input.isNow)
    for (const service of input.services) if (standsAlone(service)) nodeId(service.name, kindOf(service.name));
  return {
    nodes: [...nodes]
      .map(([id, { name, kind }]): MapNode => {
        const service = kind === 'service' || kind === 'client' ? known.get(name) : undefined;
        return {
          id,
          name,
          kind,
          ...nodeFigures(input.isNow ? service : undefined, served.get(id)),
          state: (input.isNow && service?.state) || null,
          owner: service?.owner ?? null,
        };
      })
      .sort(byId),
    edges: list,
  };
}

/** Everything that sends spans or is known otherwise: a database and a stranger outside do neither. */
function spanSenders(raws: readonly Raw[], known: ReadonlyMap<string, Known>): Set<string> {
  const senders = new Set(known.keys());
  for (const { client, server, connection } of raws) {
    if (connection !== 'virtual_node' || client !== unknownCaller) senders.add(client);
    if (connection === '') senders.add(server);
  }
  for (const { client, server, connection } of raws) {
    if (connection === 'virtual_node' && client === unknownCaller) senders.add(server);
  }
  return senders;
}

function targetKind(connection: string): NodeKind {
  if (connection === 'database') return 'database';
  if (connection === 'messaging_system') return 'messaging';
  return 'external';
}

/** A virtual node measures nothing itself; Tempo counts its side as zero seconds. */
function sideOf({ connection, buckets }: Raw, isSender: boolean): Side {
  if (connection === 'virtual_node') return isSender ? 'client' : 'server';
  return observations(buckets.server) > 0 ? 'server' : 'client';
}

/** Whether a service belongs on the map though no call to or from it is known. */
function standsAlone({ kind, state, red, callers }: Known): boolean {
  if (kind === 'client') return false;
  return (red?.rate ?? 0) > 0 || (callers?.rate ?? 0) > 0 || state === 'failing' || state === 'stale';
}

/** A service measures itself better than traces do, which are sampled and know no answers but failed ones. */
function nodeFigures(
  service: Known | undefined,
  sum: Sum | undefined,
): Pick<MapNode, 'rate' | 'errorRatio' | 'p50Ms' | 'p95Ms'> {
  const red = service?.red;
  if (red) return { rate: red.rate, errorRatio: red.errorRatio, p50Ms: red.p50Ms, p95Ms: red.p95Ms };
  if (sum) return figuresOf(sum);
  const { rate = 0, errorRatio = null } = service?.callers ?? {};
  return { rate, errorRatio, p50Ms: null, p95Ms: null };
}
