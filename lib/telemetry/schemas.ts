import * as z from 'zod';
import { type ServiceState, serviceStates } from './state-rules.ts';

export { type ServiceState, serviceStates };

const ratio = z.number().min(0).max(1);
/** `null` is a gap: there was no sample. */
const values = z.array(z.number().nullable());

/** The instants of a chart: value number `i` of every series stands at `from + i * stepMs`. */
export const timeGrid = z.object({ from: z.string(), to: z.string(), stepMs: z.number().int().positive() });
export type TimeGrid = z.infer<typeof timeGrid>;

export const sourceStatus = z.object({
  id: z.string(),
  name: z.string(),
  state: z.enum(['unknown', 'ok', 'failing']),
  failingSince: z.string().nullable(),
  lastSuccessAt: z.string().nullable(),
  error: z.string().nullable(),
});
export type SourceStatus = z.infer<typeof sourceStatus>;

/** Goes with every answer: how old it is, where it comes from, and what is missing. */
export const provenance = z.object({
  asOf: z.string(),
  source: sourceStatus,
  /** Set while the source does not answer and older figures stand in. */
  stale: z.object({ since: z.string(), reason: z.string() }).nullable(),
  warnings: z.array(z.string()),
});
export type Provenance = z.infer<typeof provenance>;

export const redFigures = z.object({
  /** Requests per second. */
  rate: z.number(),
  /** Failed requests by all requests; null without traffic. */
  errorRatio: ratio.nullable(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
});
export type RedFigures = z.infer<typeof redFigures>;

export const redNow = redFigures.extend({
  /** Which instrumentation the figures are read from. */
  convention: z.string(),
  /** The same time last week; null when there is no history yet. */
  lastWeek: redFigures.nullable(),
});

/** What the callers of a service see of it; a dead service has no figures of its own. */
export const callerFigures = z.object({ rate: z.number(), errorRatio: ratio.nullable() });
export type CallerFigures = z.infer<typeof callerFigures>;

export const replicaCount = z.object({
  ready: z.number().int(),
  /** null where nothing says how many there should be. */
  desired: z.number().int().nullable(),
  restartsLastHour: z.number().nullable(),
});
export type ReplicaCount = z.infer<typeof replicaCount>;

const link = z.object({ title: z.string(), url: z.string() });

export const serviceSummary = z.object({
  environment: z.string(),
  name: z.string(),
  kind: z.enum(['service', 'client']),
  description: z.string().nullable(),
  owner: z.string().nullable(),
  tier: z.number().int().nullable(),
  lifecycle: z.string().nullable(),
  repository: z.string().nullable(),
  links: z.array(link),
  state: z.enum(serviceStates),
  /** Why it is in this state, as sentences. */
  reasons: z.array(z.string()),
  red: redNow.nullable(),
  callers: callerFigures.nullable(),
  replicas: replicaCount.nullable(),
  versions: z.array(z.object({ version: z.string(), replicas: z.number().int() })),
  /** On the grid of the answer. */
  sparkline: z.object({ rate: values, errorRatio: values, p95Ms: values }).nullable(),
});
export type ServiceSummary = z.infer<typeof serviceSummary>;

export const serviceList = provenance.extend({
  environment: z.string(),
  /** Over how long the figures of now are averaged. */
  windowMs: z.number(),
  sparklineGrid: timeGrid.nullable(),
  items: z.array(serviceSummary),
  nextCursor: z.null(),
});
export type ServiceList = z.infer<typeof serviceList>;

export const serviceDetail = provenance.extend({ windowMs: z.number(), service: serviceSummary });
export type ServiceDetail = z.infer<typeof serviceDetail>;

export const environmentList = z.object({
  items: z.array(z.object({ name: z.string(), source: z.string(), isDefault: z.boolean() })),
  nextCursor: z.null(),
  default: z.string(),
  /** Sources that could not be asked. */
  problems: z.array(z.object({ source: z.string(), detail: z.string() })),
});
export type EnvironmentList = z.infer<typeof environmentList>;

const serviceAnswer = provenance.extend({
  environment: z.string(),
  service: z.string(),
  /** Which instrumentation is read; null when none knows the service. */
  convention: z.string().nullable(),
});

export const redRange = serviceAnswer.extend({
  grid: timeGrid,
  windowMs: z.number(),
  rate: values,
  /** The same a week earlier, on the same grid; null when there is no history yet. */
  rateLastWeek: values.nullable(),
  errorRatio: values,
  /** Share of all requests by status; failures first, then the client's own errors, which do not count. */
  errorsByStatus: z.array(z.object({ status: z.string(), counted: z.boolean(), ratio: values })),
  p50Ms: values,
  p95Ms: values,
  p99Ms: values,
  p95LastWeekMs: values.nullable(),
  /** The same for what callers see; null where nobody measures it. */
  callers: z.object({ rate: values, errorRatio: values }).nullable(),
});
export type RedRange = z.infer<typeof redRange>;

export const heatmap = serviceAnswer.extend({
  grid: timeGrid,
  /** Upper bounds of the buckets in milliseconds, ascending; the last is null: no bound. */
  boundsMs: z.array(z.number().nullable()),
  /** `columns[i][b]`: requests per second in bucket `b` at instant `i`; null is a gap. */
  columns: z.array(z.array(z.number()).nullable()),
});
export type Heatmap = z.infer<typeof heatmap>;

export const routeTable = serviceAnswer.extend({
  windowMs: z.number(),
  items: z.array(redFigures.extend({ route: z.string(), method: z.string().nullable(), share: ratio })),
  nextCursor: z.null(),
});
export type RouteTable = z.infer<typeof routeTable>;

export const replica = z.object({
  id: z.string(),
  instance: z.string().nullable(),
  state: z.enum(['up', 'down', 'unknown']),
  version: z.string().nullable(),
  restartsLastHour: z.number().nullable(),
  uptimeSeconds: z.number().nullable(),
  /** CPU time per second: 1 is one core. */
  cpuRatio: z.number().nullable(),
  memoryBytes: z.number().nullable(),
  eventLoopLagMs: z.number().nullable(),
  rate: z.number().nullable(),
  errorRatio: ratio.nullable(),
});
export type Replica = z.infer<typeof replica>;

export const replicaTable = serviceAnswer.extend({
  windowMs: z.number(),
  counts: replicaCount.nullable(),
  items: z.array(replica),
  nextCursor: z.null(),
});
export type ReplicaTable = z.infer<typeof replicaTable>;

export const units = ['ratio', 'bytes', 'seconds', 'count', 'perSecond'] as const;
export type Unit = (typeof units)[number];

const labelledSeries = z.object({ name: z.string(), labels: z.record(z.string(), z.string()), values });

export const saturation = serviceAnswer.extend({
  grid: timeGrid,
  items: z.array(z.object({ id: z.string(), title: z.string(), unit: z.enum(units), series: z.array(labelledSeries) })),
  nextCursor: z.null(),
  /** Series that were left out because a chart holds so many at most. */
  omittedSeries: z.number().int(),
});
export type Saturation = z.infer<typeof saturation>;

export const business = serviceAnswer.extend({
  grid: timeGrid,
  items: z.array(
    z.object({
      metric: z.string(),
      help: z.string().nullable(),
      type: z.enum(['counter', 'gauge', 'histogram', 'unknown']),
      unit: z.enum(units),
      /** The label by which the series differ. */
      by: z.string().nullable(),
      series: z.array(labelledSeries),
    }),
  ),
  nextCursor: z.null(),
  /** Metrics that were left out because the page holds so many at most. */
  omittedMetrics: z.array(z.string()),
});
export type Business = z.infer<typeof business>;

export const exemplar = z.object({
  traceId: z.string(),
  spanId: z.string().nullable(),
  at: z.string(),
  durationMs: z.number(),
  route: z.string().nullable(),
  status: z.string().nullable(),
  instance: z.string().nullable(),
});
export type Exemplar = z.infer<typeof exemplar>;
export const exemplarList = serviceAnswer.extend({
  items: z.array(exemplar),
  nextCursor: z.null(),
  /** How many there were before the slowest of each moment were chosen. */
  found: z.number().int(),
});
export type ExemplarList = z.infer<typeof exemplarList>;

/** A sample as people type it: JSON has no infinity and no NaN. */
const sampleValue = z.union([z.number(), z.enum(['NaN', '+Inf', '-Inf'])]);
export type SampleValue = z.infer<typeof sampleValue>;
const labels = z.record(z.string(), z.string());

export const exploreInstant = provenance.extend({
  query: z.string(),
  at: z.string(),
  series: z.array(z.object({ labels, value: sampleValue.nullable() })),
  omittedSeries: z.number().int(),
});
export type ExploreInstant = z.infer<typeof exploreInstant>;

export const exploreRange = provenance.extend({
  query: z.string(),
  grid: timeGrid,
  series: z.array(z.object({ labels, values: z.array(sampleValue.nullable()) })),
  omittedSeries: z.number().int(),
});
export type ExploreRange = z.infer<typeof exploreRange>;

export const labelList = z.object({ items: z.array(z.string()), nextCursor: z.null(), truncated: z.boolean() });
export type LabelList = z.infer<typeof labelList>;

export const metricList = z.object({
  items: z.array(z.object({ name: z.string(), type: z.string().nullable(), help: z.string().nullable() })),
  nextCursor: z.null(),
  truncated: z.boolean(),
});
export type MetricList = z.infer<typeof metricList>;
