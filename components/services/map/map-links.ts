import type { MapEdge, MapNode } from '#lib/telemetry/map-schemas.ts';

const query = (params: Record<string, string>) => new URLSearchParams(params).toString();

/** Whether it has a page and traces of its own. */
export const isOurs = ({ kind, state }: Pick<MapNode, 'kind' | 'state'>): boolean =>
  kind === 'service' || (kind === 'client' && state !== null);

/** The page of a service. */
export const servicePath = (name: string): string => `/services/${encodeURIComponent(name)}`;

/** Traces with a span of a service. */
export const serviceTraces = (service: string, failed = false): string =>
  `/traces?${query({ service, ...(failed ? { status: 'error' } : {}) })}`;

/** Logs of a service. */
export const serviceLogs = (service: string): string => `/logs?${query({ service })}`;

/** The map round one node. */
export const mapFocus = (id: string): string => `/services/map?${query({ focus: id })}`;

/**
 * Traces in which one calls the other. The caller's spans say whom they call by `peer.service`; databases go by other
 * names there, and a stranger that calls has no spans.
 */
export function edgeTraces(from: MapNode | undefined, to: MapNode | undefined, failed = false): string | null {
  const status: Record<string, string> = failed ? { status: 'error' } : {};
  const caller = from && isOurs(from);
  if (caller && to && (to.kind === 'service' || to.kind === 'external')) {
    return `/traces?${query({ service: from.name, attr: `peer.service=${to.name}`, ...status })}`;
  }
  if (caller) return `/traces?${query({ service: from.name, ...status })}`;
  return to && isOurs(to) ? `/traces?${query({ service: to.name, ...status })}` : null;
}

/** The name of an end of an edge; the id says it where the node is not known. */
export function endName(nodes: ReadonlyMap<string, MapNode>, edge: MapEdge, end: 'from' | 'to'): string {
  return nodes.get(edge[end])?.name ?? edge[end];
}
