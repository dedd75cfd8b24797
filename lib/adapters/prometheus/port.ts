import type { PrometheusError } from './errors.ts';

export type Labels = Readonly<Record<string, string>>;

/**
 * A sample: instant in milliseconds, value. `null` means that there is no sample at this instant (a gap); `NaN` and
 * the infinities are samples that Prometheus computed.
 */
export type Point = readonly [atMs: number, value: number | null];

export interface Series {
  labels: Labels;
  points: Point[];
}

/** Why an answer is older than asked for: the source has been failing since then. */
export interface Staleness {
  sinceMs: number;
  reason: string;
}

export interface AnswerMeta {
  /** What the engine said beside the data, e.g. that a store of Thanos was left out. */
  warnings: string[];
  /** The instant that the answer stands for, in milliseconds. */
  asOfMs: number;
  fromCache: boolean;
  stale: Staleness | null;
}

export interface Answer<T> extends AnswerMeta {
  data: T;
}

/** An instant vector has one point per series, a scalar one series without labels. */
export interface QueryAnswer extends AnswerMeta {
  series: Series[];
}

export interface Grid {
  fromMs: number;
  toMs: number;
  stepMs: number;
}

export interface CallOptions {
  signal?: AbortSignal;
  /** How long the answer is shared; by default the scrape interval, or the step of a range. */
  ttlMs?: number;
  /** Answer with the last good data, marked stale, while the source does not answer. */
  staleIfError?: boolean;
}

export interface InstantOptions extends CallOptions {
  /** Evaluation time; by default now, rounded down to the scrape interval. */
  atMs?: number;
}

export interface RawOptions extends CallOptions {
  /** More than these are refused as too large; by default 5,000 series and 2,000,000 samples. */
  maxSeries?: number;
  maxSamples?: number;
}

export interface Exemplar {
  seriesLabels: Labels;
  labels: Labels;
  value: number;
  atMs: number;
}

export interface MetricMetadata {
  type: string;
  help: string;
  unit: string;
}

export interface BuildInfo {
  /** `unknown` where the engine does not say (Thanos, some Mimir set-ups). */
  version: string;
}

export interface RuleGroup {
  name: string;
  file: string;
  intervalSeconds: number;
  /** How long its last evaluation took. */
  evaluationSeconds: number;
  rules: {
    name: string;
    query: string;
    type: 'alerting' | 'recording';
    labels: Labels;
    /** How long an alert's expression must hold before it fires; 0 for recordings. */
    forSeconds: number;
    health: string;
    lastError: string | null;
  }[];
}

export interface Target {
  labels: Labels;
  scrapeUrl: string;
  health: 'up' | 'down' | 'unknown';
  lastError: string;
  lastScrapeMs: number | null;
  scrapeIntervalMs: number | null;
}

export interface LabelQuery {
  matchers?: string[];
  fromMs?: number;
  toMs?: number;
  limit?: number;
}

/** One engine that speaks Prometheus's query API: Prometheus, Thanos, Mimir, VictoriaMetrics. */
export interface Prometheus {
  readonly source: PrometheusSource;
  instantQuery(query: string, options?: InstantOptions): Promise<QueryAnswer>;
  /** Every series has a point for each step of the grid; absent samples are `null`. */
  rangeQuery(query: string, grid: Grid, options?: CallOptions): Promise<QueryAnswer>;
  /**
   * The samples of a selector as they were scraped, `fromMs` included and `toMs` not, by time. Stale markers are not
   * in it. Not shared for long: by default only with those who ask at the same moment.
   */
  rawSamples(selector: string, range: { fromMs: number; toMs: number }, options?: RawOptions): Promise<QueryAnswer>;
  exemplars(query: string, range: { fromMs: number; toMs: number }, options?: CallOptions): Promise<Answer<Exemplar[]>>;
  labelNames(query?: LabelQuery, options?: CallOptions): Promise<Answer<string[]>>;
  labelValues(label: string, query?: LabelQuery, options?: CallOptions): Promise<Answer<string[]>>;
  series(matchers: string[], query?: Omit<LabelQuery, 'matchers'>, options?: CallOptions): Promise<Answer<Labels[]>>;
  metadata(
    options?: CallOptions & { metric?: string; limit?: number },
  ): Promise<Answer<Record<string, MetricMetadata>>>;
  rules(options?: CallOptions): Promise<Answer<RuleGroup[]>>;
  targets(options?: CallOptions): Promise<Answer<Target[]>>;
  /** Not shared and not cached: the test of a source. */
  buildInfo(options?: { signal?: AbortSignal }): Promise<BuildInfo>;
  health(): SourceHealth;
  /** Calls back on each change of state; returns what stops it. */
  onHealth(listener: (health: SourceHealth) => void): () => void;
}

export interface PrometheusSource {
  id: string;
  name: string;
  url: string;
  auth?: { kind: 'bearer'; token: string } | { kind: 'basic'; username: string; password: string };
  headers?: Record<string, string>;
  timeoutMs: number;
  scrapeIntervalMs: number;
  /** The label that holds the environment. */
  environmentLabel: string;
  /** What series without that label belong to. */
  defaultEnvironment: string;
  /** Set where the whole source is one environment. */
  environment?: string;
}

export type SourceState = 'unknown' | 'ok' | 'failing';

/** What is known of an engine, from the calls that were made to it. */
export interface SourceHealth {
  id: string;
  name: string;
  kind: 'prometheus';
  url: string;
  state: SourceState;
  version: string | null;
  latencyMs: number | null;
  lastSuccessAtMs: number | null;
  lastErrorAtMs: number | null;
  lastError: string | null;
  failingSinceMs: number | null;
}

/** Told of each request that really leaves, and of each answer that was shared. */
export interface PrometheusHooks {
  onUpstream?(event: {
    source: string;
    call: string;
    outcome: 'ok' | PrometheusError['kind'];
    durationMs: number;
  }): void;
  onCache?(event: { source: string; call: string; outcome: 'hit' | 'shared' | 'miss' | 'stale' }): void;
}
