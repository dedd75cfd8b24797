import type { Attributes } from '#lib/adapters/otlp/attributes.ts';

/** In the order of OpenTelemetry's numbers, 0 to 5. */
export const spanKinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
export type SpanKind = (typeof spanKinds)[number];
/** In the order of OpenTelemetry's numbers, 0 to 2. */
export const spanStatuses = ['unset', 'ok', 'error'] as const;
export type SpanStatus = (typeof spanStatuses)[number];

/** What every reading of a span tells. Ids are lowercase hexadecimal: 32 and 16 digits, padded on the left. */
export interface SpanHead {
  spanId: string;
  parentSpanId: string | null;
  service: string;
  name: string;
  kind: SpanKind;
  status: SpanStatus;
  /** Nanoseconds since 1970. */
  startNs: bigint;
  /** Nanoseconds; below 0 where the source says that the span ended before it began. */
  durationNs: bigint;
}

/** A span without what is read on demand. */
export interface Span extends SpanHead {
  events: number;
  links: number;
}

export interface SpanEvent {
  name: string;
  timeNs: bigint;
  attributes: Attributes;
}

export interface SpanLink {
  traceId: string;
  spanId: string;
  attributes: Attributes;
}

/** What is read on demand. */
export interface SpanDetail extends SpanHead {
  traceId: string;
  statusMessage: string | null;
  traceState: string | null;
  scope: { name: string | null; version: string | null };
  attributes: Attributes;
  resource: Attributes;
  events: SpanEvent[];
  links: SpanLink[];
  /** Attributes, events and links that the sender dropped. */
  dropped: { attributes: number; events: number; links: number };
  /** What the source says of the span, as sentences. */
  warnings: string[];
}

/** How much of what arrived was kept: the rest was left out before the store. */
export interface Sampling {
  /** Kept by all that arrived in the range searched, 0 to 1. */
  keptRatio: number;
  /** The lowest ratio in the range at which ordinary traces were kept, 0 to 1. */
  leastRatio: number;
  /** What is kept whatever the ratio, as a sentence. */
  rule: string;
}

/** A whole trace as one source has it. Spans may repeat, lack parents or contradict one another. */
export interface StoredTrace {
  traceId: string;
  spans: Span[];
  /** The source cut the trace short. */
  partial: boolean;
  /** Ratio at which this trace was kept; null where the source does not say. */
  sampledRatio: number | null;
  /** What the source said beside the spans, as sentences. */
  warnings: string[];
}

export type AttributeScope = 'span' | 'resource';

export interface AttributeFilter {
  /** Without a scope both are looked at. */
  scope?: AttributeScope;
  key: string;
  operator: '=' | '!=' | 'exists';
  /** Text form of the value; a number or boolean is compared as such too. Absent with `exists`. */
  value?: string;
}

/**
 * Traces that have a span for which all of this holds; of a service, without an operation or attributes, it is one
 * that takes over from another. Without a service the span is the root, of which operation and duration are asked,
 * while `status` asks whether any span of the trace failed, and `attributes` whether one of its spans has them all.
 */
export interface TraceSearch {
  environment: string;
  fromMs: number;
  toMs: number;
  service?: string;
  operation?: string;
  /** `error`: the span failed; `ok`: it did not. */
  status?: 'error' | 'ok';
  /** Of the span, in milliseconds. */
  minDurationMs?: number;
  maxDurationMs?: number;
  attributes: AttributeFilter[];
  /** A query in the backend's own language (TraceQL); refused by sources that speak none. */
  query?: string;
  limit: number;
  /** Newest first; or an even choice over the whole range, the same for the same search. */
  order: 'newest' | 'spread';
}

export interface FoundTrace {
  traceId: string;
  /** Of the whole trace as far as the source knows it. */
  startNs: bigint;
  durationNs: bigint;
  /** null where the root was not stored. */
  root: { service: string; name: string } | null;
  /** The span that was found: of the wanted service, else the root; the first to start where several match. */
  match: {
    spanId: string | null;
    service: string;
    name: string;
    startNs: bigint;
    durationNs: bigint;
    status: SpanStatus;
  };
  /** null where the source does not count. */
  spanCount: number | null;
  errorCount: number | null;
  services: { name: string; spanCount: number; errorCount: number }[];
  sampledRatio: number | null;
}

export interface TraceSearchAnswer {
  /** Newest first by the start of the match, then by trace id. */
  traces: FoundTrace[];
  /** More matched than are here. */
  truncated: boolean;
  /** What was looked at and what was not, what the source leaves open; as sentences. */
  notes: string[];
  sampling: Sampling | null;
}

export interface SpanAttributes extends SpanHead {
  attributes: Attributes;
  /** The same object for spans of one resource. */
  resource: Attributes;
}

/** The spans of one trace with their attributes, for analysis. */
export interface TraceAttributes {
  traceId: string;
  spans: SpanAttributes[];
}

export interface AttributeKey {
  scope: AttributeScope;
  key: string;
  /** Searched by index; others are searched by looking at every span of the range. */
  indexed: boolean;
}

export interface TraceCapabilities {
  /** The language of `TraceSearch.query`. */
  queryLanguage: 'traceql' | null;
  /** The source can search only within one service. */
  serviceRequired: boolean;
  /** Filters by `!=` and `exists` are possible. */
  negation: boolean;
  /** What a person should know of this source, as sentences. */
  notes: string[];
}

export interface CallOptions {
  signal?: AbortSignal;
}

export interface Range {
  environment: string;
  fromMs: number;
  toMs: number;
}

export type TraceSourceKind = 'embedded' | 'jaeger' | 'tempo';

/**
 * One store of traces. Every method rejects with `TraceSourceError` when the source cannot answer, and with no other
 * error for anything that a source may send.
 */
export interface TraceSource {
  readonly source: { id: string; name: string; kind: TraceSourceKind; url: string | null };
  capabilities(options?: CallOptions): Promise<TraceCapabilities>;
  search(search: TraceSearch, options?: CallOptions): Promise<TraceSearchAnswer>;
  /** null where the source does not have it. `aroundMs`: when it happened, if that is known. */
  trace(traceId: string, options?: CallOptions & { aroundMs?: number }): Promise<StoredTrace | null>;
  /** Details of some spans of a trace, in the order asked for; spans that are not there are left out. */
  spans(traceId: string, spanIds: readonly string[], options?: CallOptions): Promise<SpanDetail[]>;
  /** Ids of spans whose name, service, status message, attributes or events contain the text, whatever the case. */
  find(traceId: string, text: string, options?: CallOptions): Promise<string[]>;
  /** Spans of many traces with their attributes; traces that cannot be had in time are left out. */
  attributesOf(traceIds: readonly string[], options?: CallOptions & { aroundMs?: number }): Promise<TraceAttributes[]>;
  services(range: Range, options?: CallOptions): Promise<string[]>;
  operations(range: Range & { service: string }, options?: CallOptions): Promise<string[]>;
  attributeKeys(range: Range & { service?: string }, options?: CallOptions): Promise<AttributeKey[]>;
  /** The most frequent values first where the source counts them. */
  attributeValues(
    range: Range & { service?: string; scope: AttributeScope; key: string; prefix?: string },
    options?: CallOptions,
  ): Promise<string[]>;
  /** Its version, where it says one; rejects when the source does not answer. */
  version(options?: CallOptions): Promise<string | null>;
}
