/** What of the map is looked at; all of it stands in the address. */
export interface MapView {
  /** null: a map where there is room, a table on a phone. */
  view: 'map' | 'table' | null;
  /** Id of the node round which the map is drawn; null for all of it. */
  focus: string | null;
  /** So many calls away from the focus; null for however many. */
  depth: number | null;
  selected: Selected | null;
  /** What the nodes are coloured by. */
  color: 'state' | 'budget';
}

/** A node by its id, or an edge by those of its ends. */
export type Selected = { kind: 'node'; id: string } | { kind: 'edge'; from: string; to: string };

interface Params {
  get(name: string): string | null;
}

export const mostDepth = 5;
export const usualDepth = 1;
const longestId = 300;

const id = (text: string | null) => (text ? text.slice(0, longestId) : null);

/** Reads the view from an address; what cannot be read is left out. */
export function parseMapView(params: Params): MapView {
  const view = params.get('view');
  const depth = Number(params.get('depth') || Number.NaN);
  return {
    view: view === 'map' || view === 'table' ? view : null,
    focus: id(params.get('focus')),
    depth:
      params.get('depth') === 'all'
        ? null
        : Number.isInteger(depth) && depth >= 1 && depth <= mostDepth
          ? depth
          : usualDepth,
    selected: parseSelected(params.get('select'), params.get('call')),
    color: params.get('color') === 'budget' ? 'budget' : 'state',
  };
}

function parseSelected(node: string | null, call: string | null): Selected | null {
  const [from, to, ...rest] = (call ?? '').split('>').map(decoded);
  if (from && to && rest.length === 0) return { kind: 'edge', from, to };
  const found = id(node);
  return found ? { kind: 'node', id: found } : null;
}

function decoded(text: string): string | null {
  try {
    return id(decodeURIComponent(text));
  } catch {
    return null;
  }
}

/** How an edge stands in an address, and what it is called among the edges of a map. */
export const edgeKey = ({ from, to }: { from: string; to: string }): string =>
  `${encodeURIComponent(from)}>${encodeURIComponent(to)}`;

/** The parameters of the address for a view; null takes one away. */
export function mapViewParams({
  view,
  focus,
  depth,
  selected,
  color,
}: MapView): Record<'view' | 'focus' | 'depth' | 'select' | 'call' | 'color', string | null> {
  return {
    view,
    focus,
    depth: focus === null || depth === usualDepth ? null : depth === null ? 'all' : String(depth),
    select: selected?.kind === 'node' ? selected.id : null,
    call: selected?.kind === 'edge' ? edgeKey(selected) : null,
    color: color === 'budget' ? color : null,
  };
}
