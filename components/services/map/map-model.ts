import type { MapEdge, MapNode, NodeKind } from '#lib/telemetry/map-schemas.ts';
import { thresholds } from '#lib/telemetry/rules.ts';
import type { StatusName } from '../../ui/status.tsx';
import { stateWord, statusOf } from '../words.ts';

/** Nodes and edges that belong together. */
export interface Graph {
  nodes: readonly MapNode[];
  edges: readonly MapEdge[];
}

export interface Standing {
  status: StatusName;
  word: string;
}

export const kindWord: Record<NodeKind, string> = {
  service: 'service',
  client: 'client',
  database: 'database',
  messaging: 'queue or topic',
  external: 'outside',
};

type Figures = Pick<MapEdge, 'rate' | 'errorRatio'>;

const fails = ({ errorRatio }: Figures) => errorRatio !== null && errorRatio > thresholds.errorRatio;
const failing: Standing = { status: 'failing', word: stateWord.failing };

/** How a call is: by its share of failures now, as a shape and a word. */
export function edgeStanding(edge: Pick<MapEdge, 'rate' | 'errorRatio' | 'p95Ms'>): Standing {
  if (fails(edge)) return failing;
  if (edge.rate <= 0) return { status: 'idle', word: stateWord.no_traffic };
  if ((edge.p95Ms ?? 0) > thresholds.p95Ms) return { status: 'slow', word: stateWord.slow };
  return { status: 'ok', word: stateWord.ok };
}

/** How a node is: as on the list of services, where it stands there with traffic; else by its figures here. */
export function nodeStanding(node: Pick<MapNode, 'state' | 'kind' | 'rate' | 'errorRatio' | 'p95Ms'>): Standing {
  const { state } = node;
  if (state !== null && state !== 'no_traffic') return { status: statusOf[state], word: stateWord[state] };
  // Nothing is known of who calls from outside but that they call.
  if (node.kind === 'client') return { status: 'idle', word: 'not measured' };
  return edgeStanding(node);
}

/** Part of the map round one node: its callers and theirs, what it depends on and so on, so many calls away. */
export function neighbourhood(graph: Graph, focus: string, depth: number | null): Graph {
  if (!graph.nodes.some(({ id }) => id === focus)) return { nodes: [], edges: [] };
  const reach = (next: ReadonlyMap<string, string[]>) => {
    const found = new Set([focus]);
    let border = [focus];
    for (let step = 0; border.length > 0 && (depth === null || step < depth); step++) {
      border = border.flatMap((id) => next.get(id) ?? []).filter((id) => !found.has(id) && found.add(id));
    }
    return found;
  };
  const callers = reach(grouped(graph.edges, 'to', 'from'));
  const called = reach(grouped(graph.edges, 'from', 'to'));
  // Edges of one direction only: what two callers say to each other is no part of how they reach the focus.
  const within = (set: ReadonlySet<string>) => (edge: MapEdge) => set.has(edge.from) && set.has(edge.to);
  return {
    nodes: graph.nodes.filter(({ id }) => callers.has(id) || called.has(id)),
    edges: graph.edges.filter((edge) => within(callers)(edge) || within(called)(edge)),
  };
}

function grouped(edges: readonly MapEdge[], by: 'from' | 'to', take: 'from' | 'to'): Map<string, string[]> {
  const all = new Map<string, string[]>();
  for (const edge of edges) all.set(edge[by], [...(all.get(edge[by]) ?? []), edge[take]]);
  return all;
}

const failuresOf = ({ rate, errorRatio }: Figures) => rate * (errorRatio ?? 0);

/** The worst first: failing ones by failures per second, then slow ones, then by rate. */
export function worstFirst(a: MapEdge, b: MapEdge): number {
  const rank = (edge: MapEdge) => ['failing', 'slow'].indexOf(edgeStanding(edge).status);
  const order = (edge: MapEdge) => (rank(edge) === -1 ? 2 : rank(edge));
  return (
    order(a) - order(b) ||
    (order(a) === 0 ? failuresOf(b) - failuresOf(a) : 0) ||
    (order(a) === 1 ? (b.p95Ms ?? 0) - (a.p95Ms ?? 0) : 0) ||
    b.rate - a.rate ||
    (a.to < b.to ? -1 : a.to > b.to ? 1 : a.from < b.from ? -1 : 1)
  );
}

/** The worst nodes first. */
export function worstNodesFirst(a: MapNode, b: MapNode): number {
  const order: StatusName[] = ['failing', 'late', 'slow', 'nodata', 'ok', 'idle'];
  const rank = (node: MapNode) => order.indexOf(nodeStanding(node).status);
  return rank(a) - rank(b) || failuresOf(b) - failuresOf(a) || b.rate - a.rate || (a.name < b.name ? -1 : 1);
}

const thinnest = 1;
const thickest = 5;

/** Width of an edge in pixels: each tenfold of requests adds as much, so that one busy call does not hide the others. */
export function edgeWidth(rate: number): number {
  if (!(rate > 0)) return thinnest;
  return Math.min(thickest, Math.max(thinnest, thinnest + Math.log10(1 + rate) * 1.4));
}

/** Nodes whose name has the text in it; those that begin with it first. */
export function findNodes(nodes: readonly MapNode[], text: string): MapNode[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const at = (node: MapNode) => node.name.toLowerCase().indexOf(wanted);
  return nodes
    .filter((node) => at(node) !== -1)
    .sort(
      (a, b) =>
        Number(at(a) !== 0) - Number(at(b) !== 0) || a.name.length - b.name.length || (a.name < b.name ? -1 : 1),
    );
}
