import type { TraceInsight } from './insight.ts';
import { kindOf, nameOf, serviceOf, type TraceModel } from './trace-model.ts';

/** An operation together with the time that the trace spent waiting for it. */
export interface Contribution {
  service: string;
  name: string;
  /** Nanoseconds on the critical path. */
  ns: number;
  /** Spans of the operation that are on the path. */
  spans: number;
  /** The one that was waited for longest. */
  span: number;
  /** A call to something that sent no spans of its own. */
  waits: boolean;
}

/** The operations that the trace waited for, the longest first. Their times add up to the time of the root. */
export function contributorsOf(model: TraceModel, { criticalNs }: Pick<TraceInsight, 'criticalNs'>): Contribution[] {
  const { trace, tree } = model;
  const found = new Map<number, { ns: number; spans: number; span: number }>();
  for (let span = 0; span < tree.size; span++) {
    const ns = criticalNs[span] as number;
    if (ns <= 0) continue;
    const key = (trace.spans.service[span] as number) * trace.names.length + (trace.spans.name[span] as number);
    const known = found.get(key);
    if (!known) found.set(key, { ns, spans: 1, span });
    else {
      known.ns += ns;
      known.spans += 1;
      if (ns > (criticalNs[known.span] as number)) known.span = span;
    }
  }
  return [...found.values()]
    .sort((a, b) => b.ns - a.ns || a.span - b.span)
    .map((one) => ({
      ...one,
      service: serviceOf(model, one.span),
      name: nameOf(model, one.span),
      waits: kindOf(model, one.span) === 'client' && tree.subtree[one.span] === 1,
    }));
}
