import { type SpanColumns, type SpanKind, spanKinds, spanStatuses, type Trace } from '#lib/traces/schemas.ts';
import { leastSkewNs, skewOf } from '#lib/traces/skew-rules.ts';
import { type Tree, treeOf } from '#lib/traces/tree-rules.ts';
import { serviceColorIndex } from '../service-colors.ts';

const error = spanStatuses.indexOf('error');

/** By how much the clocks of services were set. */
export interface Skewed {
  /** What was added to the start of each span, in nanoseconds. */
  shift: Float64Array;
  services: { name: string; spans: number; byNs: number }[];
  /** Some clock is off by more than senders round to. */
  isNotable: boolean;
}

/** A trace as it is drawn: numbers in columns, never an object for each span. */
export interface TraceModel {
  trace: Trace;
  /** As in the trace, with the starts that are drawn: clocks are set right unless that was switched off. */
  spans: SpanColumns;
  tree: Tree;
  /** Nanoseconds from the first start to the last end that are drawn. */
  totalNs: number;
  /** What is known of wrong clocks, whether or not they were set right; null where they agree. */
  skewed: Skewed | null;
  /** Clocks were set right in `spans`. */
  isCorrected: boolean;
  /** Number of the colour of a service, by the number of the service. */
  colors: Uint8Array;
  /** Number of the span with an id; -1 where it is not in the trace. */
  find: (spanId: string | null) => number;
}

/** The columns of a trace together with its tree; linear in the number of spans. */
export function modelOf(trace: Trace, rawClocks: boolean): TraceModel {
  const tree = treeOf(trace.spans);
  const skew = skewOf(trace.spans, tree);
  const moved = skew.services.map(({ service, spans, leastNs, mostNs }) => ({
    name: trace.services[service] ?? '',
    spans,
    byNs: Math.abs(leastNs) > Math.abs(mostNs) ? leastNs : mostNs,
  }));
  const skewed =
    moved.length > 0
      ? { shift: skew.shift, services: moved, isNotable: moved.some(({ byNs }) => Math.abs(byNs) >= leastSkewNs) }
      : null;
  const isCorrected = skewed !== null && !rawClocks;
  let ids: Map<string, number> | null = null;
  return {
    trace,
    spans: isCorrected
      ? { ...trace.spans, offset: Array.from(skew.offset, (offset) => offset - skew.fromNs) }
      : trace.spans,
    tree,
    totalNs: isCorrected ? skew.toNs - skew.fromNs : trace.durationNs,
    skewed,
    isCorrected,
    colors: Uint8Array.from(trace.services, serviceColorIndex),
    find: (spanId) => {
      if (spanId === null) return -1;
      ids ??= new Map(trace.spans.id.map((id, span) => [id, span]));
      return ids.get(spanId) ?? -1;
    },
  };
}

export const serviceOf = ({ trace }: TraceModel, span: number): string =>
  trace.services[trace.spans.service[span] as number] ?? '';
export const nameOf = ({ trace }: TraceModel, span: number): string =>
  trace.names[trace.spans.name[span] as number] ?? '';
export const idOf = ({ trace }: TraceModel, span: number): string => trace.spans.id[span] ?? '';
export const isError = ({ trace }: TraceModel, span: number): boolean => trace.spans.status[span] === error;
export const kindOf = ({ trace }: TraceModel, span: number): SpanKind =>
  spanKinds[trace.spans.kind[span] as number] ?? 'unspecified';
export const colorOf = (model: TraceModel, span: number): string =>
  `var(--s${(model.colors[model.trace.spans.service[span] as number] ?? 0) + 1})`;
export const startOf = ({ spans }: TraceModel, span: number): number => spans.offset[span] ?? 0;
export const lengthOf = ({ spans }: TraceModel, span: number): number => spans.duration[span] ?? 0;

/** What began it: the first root, else the first span whose parent is missing; null without spans. */
export function rootOf(trace: Trace): { span: number; service: string; name: string } | null {
  const { parent, service, name } = trace.spans;
  if (parent.length === 0) return null;
  const span = Math.max(0, parent.indexOf(-1));
  return {
    span,
    service: trace.services[service[span] as number] ?? '',
    name: trace.names[name[span] as number] ?? '',
  };
}
