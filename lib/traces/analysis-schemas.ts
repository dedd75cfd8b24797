import type { Attributes, SpanKind, SpanStatus } from './schemas.ts';

/** A span as a source tells it: nothing of it is taken on trust. */
export interface SourceSpan {
  spanId: string;
  parentSpanId: string | null;
  service: string;
  name: string;
  kind: SpanKind;
  status: SpanStatus;
  startNs: bigint;
  durationNs: bigint;
}

/** The spans of one trace with their attributes, as far as rules look at them. */
export interface AnalyzedSpan extends SourceSpan {
  attributes: Attributes;
  /** The same object for spans of one resource. */
  resource: Attributes;
}

export interface AnalyzedTrace {
  traceId: string;
  spans: readonly AnalyzedSpan[];
}
