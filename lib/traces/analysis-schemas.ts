import type { Attributes, SpanKind, SpanStatus } from './schemas.ts';

/** The spans of one trace with their attributes, as far as rules look at them. */
export interface AnalyzedSpan {
  spanId: string;
  parentSpanId: string | null;
  service: string;
  name: string;
  kind: SpanKind;
  status: SpanStatus;
  startNs: bigint;
  durationNs: bigint;
  attributes: Attributes;
  /** The same object for spans of one resource. */
  resource: Attributes;
}

export interface AnalyzedTrace {
  traceId: string;
  spans: readonly AnalyzedSpan[];
}
