import type { ElkExtendedEdge, ElkNode, LayoutOptions } from 'elkjs/lib/elk-api';
import { edgeKey } from './map-view.ts';

export const nodeWidth = 172;
export const nodeHeight = 56;
const gapX = 70;
const gapY = 22;

export interface Point {
  x: number;
  y: number;
}

/** What a layout follows from: ids alone, so that new figures move nothing. */
export interface Structure {
  nodes: readonly string[];
  edges: readonly { from: string; to: string }[];
}

export interface Layout {
  /** Left upper corners, by node. */
  positions: ReadonlyMap<string, Point>;
  /** Points along an edge, by its key; without them it is drawn straight from end to end. */
  routes: ReadonlyMap<string, readonly Point[]>;
}

export const emptyLayout: Layout = { positions: new Map(), routes: new Map() };

/** The same text for the same nodes and edges, whatever their order and figures. */
export function structureKey({ nodes, edges }: Structure): string {
  return JSON.stringify([[...nodes].sort(), edges.map(edgeKey).sort()]);
}

const options: LayoutOptions = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.spacing.nodeNode': String(gapY),
  'elk.spacing.edgeNode': '14',
  'elk.spacing.edgeEdge': '8',
  'elk.spacing.componentComponent': '36',
  'elk.layered.spacing.nodeNodeBetweenLayers': String(gapX),
  'elk.layered.spacing.edgeNodeBetweenLayers': '18',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '8',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
  'elk.aspectRatio': '1.7',
};
/** With many nodes, time and room go into routes that nobody can follow: the order in each layer is what counts. */
const hasty: LayoutOptions = {
  'elk.edgeRouting': 'POLYLINE',
  'elk.separateConnectedComponents': 'false',
  'elk.layered.thoroughness': '2',
  'elk.layered.nodePlacement.strategy': 'BRANDES_KOEPF',
};
const manyNodes = 80;

/** The graph as ELK takes it, in a fixed order: the same structure is always laid out the same. */
export function toElk({ nodes, edges }: Structure): ElkNode {
  const known = new Set(nodes);
  return {
    id: 'map',
    layoutOptions: nodes.length > manyNodes ? { ...options, ...hasty } : options,
    children: [...nodes].sort().map((id) => ({ id, width: nodeWidth, height: nodeHeight })),
    edges: edges
      .filter(({ from, to }) => known.has(from) && known.has(to))
      .map((edge): ElkExtendedEdge => ({ id: edgeKey(edge), sources: [edge.from], targets: [edge.to] }))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

/** Reads ELK's answer. Of many nodes it takes the order, and folds layers that are higher than a screen is wide. */
export function fromElk({ children = [], edges = [] }: ElkNode): Layout {
  const positions = new Map(children.map(({ id, x = 0, y = 0 }) => [id, { x, y }]));
  if (children.length > manyNodes) return { positions: folded(positions), routes: new Map() };
  return {
    positions,
    routes: new Map(
      edges.flatMap(({ id, sections }) => {
        const section = sections?.[0];
        return section ? [[id, [section.startPoint, ...(section.bendPoints ?? []), section.endPoint]] as const] : [];
      }),
    ),
  };
}

const screenShape = 1.8;
const foldGapX = 26;

/** Layers as blocks of columns, so that the whole has about the shape of a screen. */
function folded(positions: ReadonlyMap<string, Point>): Map<string, Point> {
  const layers: { x: number; nodes: [id: string, at: Point][] }[] = [];
  for (const entry of [...positions].sort(([, a], [, b]) => a.x - b.x || a.y - b.y)) {
    const last = layers.at(-1);
    if (last && entry[1].x - last.x < nodeWidth / 2) last.nodes.push(entry);
    else layers.push({ x: entry[1].x, nodes: [entry] });
  }
  const rowHeight = nodeHeight + gapY;
  const columnsAt = (count: number) => layers.reduce((sum, { nodes }) => sum + Math.ceil(nodes.length / count), 0);
  const widthAt = (count: number) => columnsAt(count) * (nodeWidth + foldGapX) + layers.length * gapX;
  let rows = 4;
  while (columnsAt(rows) > layers.length && widthAt(rows) > rows * rowHeight * screenShape) rows++;
  const places = new Map<string, Point>();
  let left = 0;
  for (const { nodes } of layers) {
    const columns = Math.ceil(nodes.length / rows);
    const inColumn = Math.ceil(nodes.length / columns);
    const top = ((rows - inColumn) * rowHeight) / 2;
    nodes
      .sort(([, a], [, b]) => a.y - b.y)
      .forEach(([id], i) => {
        const column = Math.floor(i / inColumn);
        places.set(id, { x: left + column * (nodeWidth + foldGapX), y: top + (i % inColumn) * rowHeight });
      });
    left += columns * (nodeWidth + foldGapX) + gapX;
  }
  return places;
}

/** More newcomers than this share, and the whole is laid out anew. */
const fewNew = 0.2;

/**
 * The layout for a structure that has changed, with everything that was there kept in its place: what is gone leaves
 * its gap, what is new stands beside what it calls or is called by. null where so much is new that it should all be
 * laid out again.
 */
export function carryOver(before: Layout, { nodes, edges }: Structure): Layout | null {
  const fresh = nodes.filter((id) => !before.positions.has(id)).sort();
  if (fresh.length === nodes.length || fresh.length > Math.max(2, nodes.length * fewNew)) return null;
  const positions = new Map(
    nodes.flatMap((id) => {
      const at = before.positions.get(id);
      return at ? [[id, at] as const] : [];
    }),
  );
  for (const id of fresh) positions.set(id, placeFor(id, positions, edges));
  const wanted = new Set(edges.map(edgeKey));
  return { positions, routes: new Map([...before.routes].filter(([key]) => wanted.has(key))) };
}

/** A free place in the column after its callers, or before what it calls. */
function placeFor(id: string, positions: ReadonlyMap<string, Point>, edges: Structure['edges']): Point {
  const at = (ids: string[]) => ids.flatMap((one) => positions.get(one) ?? []);
  const callers = at(edges.filter(({ to }) => to === id).map(({ from }) => from));
  const called = at(edges.filter(({ from }) => from === id).map(({ to }) => to));
  const all = [...positions.values()];
  const around = [...callers, ...called];
  const step = nodeWidth + gapX;
  const x =
    callers.length > 0
      ? Math.max(...callers.map((point) => point.x)) + step
      : called.length > 0
        ? Math.min(...called.map((point) => point.x)) - step
        : Math.min(...all.map((point) => point.x));
  const lowest = Math.max(...all.map((point) => point.y)) + nodeHeight + gapY;
  const y = around.length > 0 ? around.reduce((sum, point) => sum + point.y, 0) / around.length : lowest;
  return { x, y: freeY(x, y, all) };
}

function freeY(x: number, wanted: number, taken: readonly Point[]): number {
  const column = taken.filter((point) => Math.abs(point.x - x) < nodeWidth + gapX / 2);
  const isFree = (y: number) => column.every((point) => Math.abs(point.y - y) >= nodeHeight + gapY);
  for (let away = 0; ; away += gapY) {
    if (isFree(wanted + away)) return wanted + away;
    if (isFree(wanted - away)) return wanted - away;
  }
}
