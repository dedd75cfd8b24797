import { type SpanColumns, spanKinds, spanStatuses } from './schemas.ts';
import type { Tree } from './tree-rules.ts';

export interface ServiceNode {
  /** Number of the service. */
  service: number;
  spans: number;
  errors: number;
  selfNs: number;
  /** First start and last end, in nanoseconds since the start of the trace. */
  fromNs: number;
  toNs: number;
}

export interface ServiceEdge {
  from: number;
  to: number;
  calls: number;
  /** Calls whose span in the called service failed. */
  errors: number;
  /** Sum of the durations in the called service. */
  totalNs: number;
  maxNs: number;
  /** Every call went through a queue: nobody waits for an answer. */
  async: boolean;
}

const error = spanStatuses.indexOf('error');
const consumer = spanKinds.indexOf('consumer');

/** The services of one trace and who calls whom in it, in the order of their first spans. Linear. */
export function serviceGraphOf(
  spans: SpanColumns,
  tree: Tree,
  self: ArrayLike<number>,
): { nodes: ServiceNode[]; edges: ServiceEdge[] } {
  const nodes = new Map<number, ServiceNode>();
  const edges = new Map<string, ServiceEdge>();
  for (const span of tree.order) {
    const service = spans.service[span] as number;
    const fromNs = spans.offset[span] as number;
    const lasted = spans.duration[span] as number;
    const failed = spans.status[span] === error ? 1 : 0;
    const node = nodes.get(service) ?? { service, spans: 0, errors: 0, selfNs: 0, fromNs, toNs: fromNs };
    nodes.set(service, node);
    node.spans += 1;
    node.errors += failed;
    node.selfNs += self[span] as number;
    node.fromNs = Math.min(node.fromNs, fromNs);
    node.toNs = Math.max(node.toNs, fromNs + lasted);

    const above = tree.parent[span] as number;
    if (above < 0) continue;
    const caller = spans.service[above] as number;
    if (caller === service) continue;
    const key = `${caller} ${service}`;
    const edge = edges.get(key) ?? {
      from: caller,
      to: service,
      calls: 0,
      errors: 0,
      totalNs: 0,
      maxNs: 0,
      async: true,
    };
    edges.set(key, edge);
    edge.calls += 1;
    edge.errors += failed;
    edge.totalNs += lasted;
    edge.maxNs = Math.max(edge.maxNs, lasted);
    edge.async &&= spans.kind[span] === consumer;
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()] };
}
