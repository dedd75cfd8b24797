import type { Attributes } from '#lib/adapters/otlp/attributes.ts';

/** Least severity number of each level (OpenTelemetry log data model, "Severity Fields"). */
export const logLevels = { trace: 1, debug: 5, info: 9, warn: 13, error: 17, fatal: 21 } as const;
export type LogLevel = keyof typeof logLevels;

export interface LogLine {
  /** Names the line within its source; stable. */
  id: string;
  /** Nanoseconds since 1970. */
  timeNs: bigint;
  observedNs: bigint | null;
  environment: string;
  service: string;
  /** null where the sender gave none. */
  level: LogLevel | null;
  severityText: string | null;
  /** Text, or JSON text where the body was structured. */
  body: string;
  bodyIsJson: boolean;
  traceId: string | null;
  spanId: string | null;
  attributes: Attributes;
  resource: Attributes;
  scope: string | null;
}

export interface AttributeFilter {
  key: string;
  operator: '=' | '!=' | 'exists';
  value?: string;
}

export interface LogQuery {
  environment: string;
  fromNs: bigint;
  toNs: bigint;
  services: string[];
  /** Lines of this level or a worse one. */
  atLeast?: LogLevel;
  /** Words that the body contains, whatever the case: every one of them. A part in double quotes counts as one. */
  text?: string;
  traceId?: string;
  spanId?: string;
  attributes: AttributeFilter[];
}

/** A place in a list that is sorted by time and id. */
export interface LogPosition {
  timeNs: bigint;
  id: string;
}

export interface LogSearchAnswer {
  /** In the order asked for. */
  lines: LogLine[];
  /** More matched than are here. */
  truncated: boolean;
  /** What was looked at and what was not, as sentences. */
  notes: string[];
  /** Where the search stopped before it had looked at all of the range: ask on from here. */
  reached?: LogPosition;
}

export interface LogHistogram {
  stepMs: number;
  /** Start of the first bucket that was counted; bucket `i` begins at `fromMs + i * stepMs`. Buckets are whole. */
  fromMs: number;
  /** How many lines per bucket, by level; `none` without a level. */
  counts: Record<LogLevel | 'none', number[]>;
  /** Counted exactly, or from a part. */
  exact: boolean;
  notes: string[];
}

export interface CallOptions {
  signal?: AbortSignal;
}

export type LogSourceKind = 'embedded' | 'loki';

/** One store of logs. Every method rejects with `LogSourceError` when the source cannot answer. */
export interface LogSource {
  readonly source: { id: string; name: string; kind: LogSourceKind; url: string | null };
  /** `after`: goes on behind this place. Newest first unless `order` says otherwise. */
  search(
    query: LogQuery,
    page: { limit: number; order: 'newest' | 'oldest'; after?: LogPosition },
    options?: CallOptions,
  ): Promise<LogSearchAnswer>;
  histogram(query: LogQuery, buckets: number, options?: CallOptions): Promise<LogHistogram>;
  /** Lines of the same service and instance before and after one, oldest first, itself included. null: not there. */
  context(
    place: LogPosition & { environment: string },
    lines: { before: number; after: number },
    options?: CallOptions,
  ): Promise<LogLine[] | null>;
  /**
   * Lines as they arrive, oldest first, in batches, until `signal` is aborted. Lines that came late may be older than
   * ones sent before. `dropped` says how many were left out because there were more than `mostPerSecond`.
   */
  tail(
    query: Omit<LogQuery, 'toNs'>,
    options: { signal: AbortSignal; mostPerSecond: number },
  ): AsyncIterable<{ lines: LogLine[]; dropped: number }>;
  services(range: { environment: string; fromMs: number; toMs: number }, options?: CallOptions): Promise<string[]>;
  attributeKeys(
    range: { environment: string; fromMs: number; toMs: number; service?: string },
    options?: CallOptions,
  ): Promise<{ key: string; indexed: boolean }[]>;
  attributeValues(
    range: { environment: string; fromMs: number; toMs: number; service?: string; key: string; prefix?: string },
    options?: CallOptions,
  ): Promise<string[]>;
  /** Its version, where it says one; rejects when the source does not answer. */
  version(options?: CallOptions): Promise<string | null>;
}
