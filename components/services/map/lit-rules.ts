import type { MapEdge } from '#lib/telemetry/map-schemas.ts';
import type { Lit } from './lit.tsx';
import { edgeKey, type Selected } from './map-view.ts';

/** The neighbours of what is pointed at or chosen, else what is searched for. */
export function forward(
  at: Selected | null,
  edges: readonly MapEdge[],
  found: ReadonlySet<string> | null,
): Pick<Lit, 'nodes' | 'edges'> {
  if (!at) return found ? { nodes: found, edges: new Set() } : { nodes: null, edges: null };
  const touched = edges.filter(({ from, to }) =>
    at.kind === 'edge' ? from === at.from && to === at.to : from === at.id || to === at.id,
  );
  const own = at.kind === 'node' ? [at.id] : [at.from, at.to];
  return {
    nodes: new Set([...own, ...touched.flatMap(({ from, to }) => [from, to])]),
    edges: new Set(touched.map(edgeKey)),
  };
}
