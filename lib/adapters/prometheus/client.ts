import * as z from 'zod';
import { once } from '#lib/core/registry.ts';
import { type RawSeries, readData, readResult } from './answer.ts';
import { type Cached, Limiter, SharedCache } from './cache.ts';
import { isPrometheusError, PrometheusError, type PrometheusErrorKind } from './errors.ts';
import { alignGrid, fillGrid, maxPoints, pointCount } from './grid.ts';
import { HealthRecord } from './health.ts';
import type {
  Answer,
  CallOptions,
  Exemplar,
  Grid,
  InstantOptions,
  LabelQuery,
  Labels,
  MetricMetadata,
  Prometheus,
  PrometheusHooks,
  PrometheusSource,
  QueryAnswer,
  RawOptions,
  RuleGroup,
  Series,
  Target,
} from './port.ts';
import { call, get, type RawAnswer } from './transport.ts';
import * as wire from './wire.ts';

const maxConcurrent = 10;
const metadataTtlMs = 60_000;
const keepForOutageMs = 60 * 60_000;
/** While an engine is down, one attempt in this time is enough for all viewers. */
const outageTtlMs = 1_500;

type Driver = Parameters<Parameters<typeof call>[2]>[0];

interface Ask<T> {
  call: string;
  key: string;
  /** The key without its time: what may stand in while the source is down. */
  standInKey?: string;
  fits?: (standIn: Answer<T>) => boolean;
  ttlMs: number;
  asOfMs: number;
  empty: unknown;
  send: (driver: Driver) => Promise<unknown>;
  read: (raw: RawAnswer) => { data: T; warnings?: string[] };
  weigh?: (data: T) => number;
  options: CallOptions;
}

/** All engines of a process share one cache; each has its own keys in it. */
const sharedCache = () => once('prometheus.cache', () => new SharedCache({ maxEntries: 2_000, maxWeight: 4_000_000 }));
const standIns = () => once('prometheus.stand-ins', () => new SharedCache({ maxEntries: 500, maxWeight: 2_000_000 }));

export interface ClientOptions {
  hooks?: PrometheusHooks;
  now?: () => number;
  /** A cache of its own, for tests. */
  isolated?: boolean;
}

/** A door to one engine that speaks the Prometheus API. Makes no call until it is asked something. */
export function createPrometheus(source: PrometheusSource, options: ClientOptions = {}): Prometheus {
  return new Client(source, options);
}

class Client implements Prometheus {
  readonly source: PrometheusSource;
  readonly #hooks: PrometheusHooks;
  readonly #now: () => number;
  readonly #health: HealthRecord;
  readonly #limiter = new Limiter(maxConcurrent);
  readonly #cache: SharedCache;
  readonly #standIns: SharedCache;

  constructor(source: PrometheusSource, { hooks = {}, now = Date.now, isolated = false }: ClientOptions) {
    this.source = source;
    this.#hooks = hooks;
    this.#now = now;
    this.#health = new HealthRecord(source);
    this.#cache = isolated ? new SharedCache({ maxEntries: 500, maxWeight: 1_000_000, now }) : sharedCache();
    this.#standIns = isolated ? new SharedCache({ maxEntries: 500, maxWeight: 1_000_000, now }) : standIns();
  }

  health() {
    return this.#health.get();
  }

  onHealth(listener: Parameters<HealthRecord['subscribe']>[0]) {
    return this.#health.subscribe(listener);
  }

  async instantQuery(query: string, options: InstantOptions = {}): Promise<QueryAnswer> {
    const { scrapeIntervalMs } = this.source;
    const atMs = options.atMs ?? Math.floor(this.#now() / scrapeIntervalMs) * scrapeIntervalMs;
    const answer = await this.#ask<Series[]>({
      call: 'query',
      key: `query|${atMs}|${query}`,
      ...(this.#now() - atMs <= 2 * scrapeIntervalMs ? { standInKey: `query|${query}` } : {}),
      ttlMs: options.ttlMs ?? scrapeIntervalMs,
      asOfMs: atMs,
      empty: { resultType: 'vector', result: [] },
      send: (driver) => driver.instantQuery(query, atMs, this.#serverTimeout()),
      read: (raw) => mapResult(raw, (series) => ({ labels: series.labels, points: series.samples })),
      weigh: weighSeries,
      options,
    });
    return toQueryAnswer(answer);
  }

  async rangeQuery(query: string, wanted: Grid, options: CallOptions = {}): Promise<QueryAnswer> {
    const grid = alignGrid(wanted);
    if (pointCount(grid) > maxPoints) {
      throw new PrometheusError(
        'too_large',
        'More than 11,000 points per series: take a longer step or a shorter time.',
      );
    }
    const length = grid.toMs - grid.fromMs;
    const answer = await this.#ask<Series[]>({
      call: 'query_range',
      key: `range|${grid.fromMs}|${grid.toMs}|${grid.stepMs}|${query}`,
      standInKey: `range|${length}|${grid.stepMs}|${query}`,
      fits: (standIn) => Math.abs(standIn.asOfMs - grid.toMs) <= Math.max(length / 2, grid.stepMs),
      ttlMs: options.ttlMs ?? Math.min(Math.max(grid.stepMs, this.source.scrapeIntervalMs), 5 * 60_000),
      asOfMs: grid.toMs,
      empty: { resultType: 'matrix', result: [] },
      send: (driver) => driver.rangeQuery(query, grid.fromMs, grid.toMs, grid.stepMs / 1_000, this.#serverTimeout()),
      read: (raw) => mapResult(raw, (series) => ({ labels: series.labels, points: fillGrid(series.samples, grid) })),
      weigh: weighSeries,
      options,
    });
    return toQueryAnswer(answer);
  }

  async rawSamples(
    selector: string,
    range: { fromMs: number; toMs: number },
    { maxSeries = 5_000, maxSamples = 2_000_000, ...options }: RawOptions = {},
  ): Promise<QueryAnswer> {
    const answer = await this.#ask<Series[]>({
      call: 'query_raw',
      key: `raw|${range.fromMs}|${range.toMs}|${maxSeries}|${maxSamples}|${selector}`,
      ttlMs: options.ttlMs ?? 0,
      asOfMs: range.toMs,
      empty: { resultType: 'matrix', result: [] },
      send: (driver) => driver.instantQuery(wire.rangeSelector(selector, range), range.toMs, this.#serverTimeout()),
      read: (raw) => {
        const { series, warnings } = wire.rawSeries(raw.data, range, { maxSeries, maxSamples });
        return { data: series.map(({ labels, samples }) => ({ labels, points: samples })), warnings };
      },
      weigh: weighSeries,
      options,
    });
    return toQueryAnswer(answer);
  }

  exemplars(query: string, range: { fromMs: number; toMs: number }, options: CallOptions = {}) {
    const fromMs = Math.floor(range.fromMs / 1_000) * 1_000;
    const toMs = Math.floor(range.toMs / 1_000) * 1_000;
    return this.#ask<Exemplar[]>({
      call: 'query_exemplars',
      key: `exemplars|${fromMs}|${toMs}|${query}`,
      ttlMs: options.ttlMs ?? this.source.scrapeIntervalMs,
      asOfMs: toMs,
      empty: [],
      send: (driver) => get(driver, 'query_exemplars', { query, start: fromMs / 1_000, end: toMs / 1_000 }),
      read: (raw) => ({ data: wire.exemplars(raw.data) }),
      options,
    });
  }

  labelNames(query: LabelQuery = {}, options: CallOptions = {}) {
    return this.#metadata(
      'labels',
      wire.labelParams(query),
      (raw) => readData(z.array(z.string()), raw ?? []),
      options,
    );
  }

  labelValues(label: string, query: LabelQuery = {}, options: CallOptions = {}) {
    const path = `label/${wire.labelPath(label)}/values`;
    return this.#metadata(path, wire.labelParams(query), (raw) => readData(z.array(z.string()), raw ?? []), options);
  }

  series(matchers: string[], query: Omit<LabelQuery, 'matchers'> = {}, options: CallOptions = {}) {
    const read = (raw: unknown) => readData(z.array(z.record(z.string(), z.string())), raw ?? []) as Labels[];
    return this.#metadata('series', wire.labelParams({ ...query, matchers }), read, options);
  }

  metadata({ metric, limit, ...options }: CallOptions & { metric?: string; limit?: number } = {}) {
    return this.#metadata<Record<string, MetricMetadata>>('metadata', { metric, limit }, wire.metadata, options);
  }

  rules(options: CallOptions = {}) {
    return this.#metadata<RuleGroup[]>('rules', {}, wire.rules, { ttlMs: this.source.scrapeIntervalMs, ...options });
  }

  targets(options: CallOptions = {}) {
    const ttlMs = this.source.scrapeIntervalMs;
    return this.#metadata<Target[]>('targets', { state: 'active' }, wire.targets, { ttlMs, ...options });
  }

  async buildInfo({ signal }: { signal?: AbortSignal } = {}) {
    const raw = await this.#upstream('buildinfo', signal ?? new AbortController().signal, {}, (driver) =>
      driver.statusBuildinfo(),
    ).catch((error: unknown) => {
      if (!isPrometheusError(error) || error.kind !== 'wrong_path') throw error;
      return this.#upstream(
        'query',
        signal ?? new AbortController().signal,
        { resultType: 'vector', result: [] },
        (driver) => driver.instantQuery('vector(1)', this.#now()),
      );
    });
    const version = wire.version(raw.data);
    this.#health.succeeded(this.health().latencyMs ?? 0, this.#now(), version);
    return { version };
  }

  #metadata<T>(
    path: string,
    params: Record<string, unknown>,
    read: (data: unknown) => T,
    options: CallOptions,
  ): Promise<Answer<T>> {
    const now = this.#now();
    const key = `${path}|${JSON.stringify(params)}`;
    return this.#ask<T>({
      call: path.replace(/^label\/.*/, 'label_values'),
      key,
      standInKey: key,
      ttlMs: options.ttlMs ?? metadataTtlMs,
      asOfMs: now,
      empty: [],
      send: (driver) => get(driver, path, params),
      read: (raw) => ({ data: read(raw.data) }),
      weigh: (data) => (Array.isArray(data) ? data.length : Object.keys(data as object).length),
      options,
    });
  }

  async #ask<T>(ask: Ask<T>): Promise<Answer<T>> {
    const name = (key: string) => `${this.source.id}|${this.source.url}|${key}`;
    const outage = this.#cache.peek<{ kind: PrometheusErrorKind; detail: string }>(name('outage'));
    let found: Cached<Answer<T>>;
    try {
      if (outage && this.#cache.peek(name(ask.key)) === undefined) {
        throw new PrometheusError(outage.kind, outage.detail);
      }
      found = await this.#cache.get(name(ask.key), (signal) => this.#load(ask, signal, name), {
        ttlMs: ask.ttlMs,
        weigh: (answer) => 10 + (ask.weigh?.(answer.data) ?? 1),
        ...(ask.options.signal ? { signal: ask.options.signal } : {}),
      });
    } catch (error) {
      return this.#standIn(ask, name, error);
    }
    this.#hooks.onCache?.({ source: this.source.id, call: ask.call, outcome: found.outcome });
    return found.outcome === 'miss' ? found.value : { ...found.value, fromCache: true };
  }

  async #load<T>(ask: Ask<T>, signal: AbortSignal, name: (key: string) => string): Promise<Answer<T>> {
    try {
      const raw = await this.#upstream(ask.call, signal, ask.empty, ask.send);
      const { data, warnings = [] } = ask.read(raw);
      const answer = {
        data,
        warnings: [...raw.warnings, ...warnings],
        asOfMs: ask.asOfMs,
        fromCache: false,
        stale: null,
      };
      if (ask.options.staleIfError && ask.standInKey) {
        this.#standIns.set(name(ask.standInKey), answer, keepForOutageMs, ask.weigh?.(data) ?? 1);
      }
      return answer;
    } catch (error) {
      if (isPrometheusError(error) && error.kind !== 'wrong_path' && error.isOutage) {
        this.#cache.set(name('outage'), { kind: error.kind, detail: error.detail }, outageTtlMs);
      }
      throw error;
    }
  }

  #standIn<T>(ask: Ask<T>, name: (key: string) => string, error: unknown): Answer<T> {
    if (!isPrometheusError(error) || !ask.options.staleIfError || !ask.standInKey) throw error;
    if (!error.isOutage && error.kind !== 'query_timeout') throw error;
    const standIn = this.#standIns.peek<Answer<T>>(name(ask.standInKey));
    if (!standIn || (ask.fits && !ask.fits(standIn))) throw error;
    this.#hooks.onCache?.({ source: this.source.id, call: ask.call, outcome: 'stale' });
    const sinceMs = this.#health.get().failingSinceMs ?? this.#now();
    return { ...standIn, fromCache: true, stale: { sinceMs, reason: error.detail } };
  }

  /** One request that really leaves, counted, limited and noted in the health of the source. */
  #upstream(
    callName: string,
    signal: AbortSignal,
    empty: unknown,
    send: (driver: Driver) => Promise<unknown>,
  ): Promise<RawAnswer> {
    return this.#limiter.run(async () => {
      const startedAt = performance.now();
      const done = (outcome: 'ok' | PrometheusError['kind']) => {
        const durationMs = performance.now() - startedAt;
        this.#hooks.onUpstream?.({ source: this.source.id, call: callName, outcome, durationMs });
        return durationMs;
      };
      try {
        const answer = await call(this.source, { signal, timeoutMs: this.source.timeoutMs }, send, empty);
        this.#health.succeeded(done('ok'), this.#now());
        return answer;
      } catch (error) {
        const failure = error as PrometheusError;
        done(failure.kind);
        if (failure.kind === 'wrong_path' && callName !== 'query') throw failure;
        if (failure.isOutage) this.#health.failed(failure, this.#now());
        else if (failure.kind !== 'aborted') this.#answered(failure);
        throw failure;
      }
    }, signal);
  }

  /** A refusal of the query is still an answer of the engine. */
  #answered(failure: PrometheusError): void {
    if (failure.kind === 'query_timeout') this.#health.failed(failure, this.#now());
    else this.#health.succeeded(this.health().latencyMs ?? 0, this.#now());
  }

  /** A little less than ours, so that Prometheus itself says that the query took too long. */
  #serverTimeout(): string {
    return `${Math.max(1, Math.floor(this.source.timeoutMs * 0.9))}ms`;
  }
}

function mapResult(raw: RawAnswer, toSeries: (series: RawSeries) => Series) {
  const { series, warnings } = readResult(raw.data);
  return { data: series.map(toSeries), warnings };
}

const weighSeries = (series: Series[]) => series.reduce((sum, s) => sum + 2 + s.points.length, 0);

function toQueryAnswer({ data, ...meta }: Answer<Series[]>): QueryAnswer {
  return { series: data, ...meta };
}
