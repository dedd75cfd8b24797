import * as z from 'zod';

const ratio = z.number().min(0).max(1);
/** Nanoseconds since 1970, as digits. */
const instantNs = z.string().regex(/^-?\d+$/);
/** Anything that JSON has; described as that, since a schema of JSON itself would have no end. */
const json = z.unknown() as z.ZodType<JsonValue>;
export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };
export const attributes = z.record(z.string(), json);
export type Attributes = z.infer<typeof attributes>;

export const spanKinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
export const spanStatuses = ['unset', 'ok', 'error'] as const;
export type SpanKind = (typeof spanKinds)[number];
export type SpanStatus = (typeof spanStatuses)[number];

/** How one source of traces took a question. */
export const sourceAnswer = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['embedded', 'jaeger', 'tempo']),
  /** `found` and `not_found` where a trace was looked for; `answered` where a list was asked. */
  outcome: z.enum(['found', 'not_found', 'answered', 'failed', 'skipped']),
  /** Why it failed or was skipped, as a sentence. */
  detail: z.string().nullable(),
});
export type SourceAnswer = z.infer<typeof sourceAnswer>;

/** How much of what arrived was kept; null where nothing was left out or the source does not say. */
export const sampling = z.object({
  /** Kept by all that arrived in the range. */
  keptRatio: ratio,
  /** The lowest ratio in the range at which ordinary traces were kept. */
  leastRatio: ratio,
  /** What is kept whatever the ratio, as a sentence. */
  rule: z.string(),
});
export type Sampling = z.infer<typeof sampling>;

export const foundTrace = z.object({
  traceId: z.string(),
  /** Id of the source that has it. */
  source: z.string(),
  /** RFC 3339 with milliseconds: the start of the matching span. */
  at: z.string(),
  startNs: instantNs,
  /** Of the whole trace. */
  durationMs: z.number(),
  root: z.object({ service: z.string(), name: z.string() }).nullable(),
  /** The span that was found: of the wanted service, else the root. */
  match: z.object({
    spanId: z.string().nullable(),
    service: z.string(),
    name: z.string(),
    startNs: instantNs,
    durationMs: z.number(),
    status: z.enum(spanStatuses),
  }),
  spanCount: z.number().int().nullable(),
  errorCount: z.number().int().nullable(),
  /** The one with the most spans first. */
  services: z.array(z.object({ name: z.string(), spanCount: z.number().int(), errorCount: z.number().int() })),
  sampledRatio: ratio.nullable(),
});
export type FoundTrace = z.infer<typeof foundTrace>;

export const traceList = z.object({
  /** Newest first; the order is total, so that it does not change between two askings. */
  items: z.array(foundTrace),
  nextCursor: z.null(),
  from: z.string(),
  to: z.string(),
  /** More matched than are here. */
  truncated: z.boolean(),
  /** What was looked at, what was not, what is cut short: sentences for the person. */
  notes: z.array(z.string()),
  sampling: sampling.nullable(),
  sources: z.array(sourceAnswer),
});
export type TraceList = z.infer<typeof traceList>;

/** What the search can offer: which services, operations, attributes exist. */
export const traceFacets = z.object({
  services: z.array(z.string()),
  operations: z.array(z.string()),
  attributes: z.array(z.object({ scope: z.enum(['span', 'resource']), key: z.string(), indexed: z.boolean() })),
  /** A query language that at least one source speaks. */
  queryLanguage: z.enum(['traceql']).nullable(),
  /** Every source can search only within one service. */
  serviceRequired: z.boolean(),
  notes: z.array(z.string()),
  sources: z.array(sourceAnswer),
});
export type TraceFacets = z.infer<typeof traceFacets>;

export const attributeValues = z.object({ key: z.string(), values: z.array(z.string()) });
export type AttributeValues = z.infer<typeof attributeValues>;

/**
 * The spans of a trace, a column for each thing, sorted by start and then by id: value number `i` of every column
 * belongs to span number `i`.
 */
export const spanColumns = z.object({
  id: z.array(z.string()),
  /** Number of the parent; -1 for a root, -2 where the parent is not in the trace. */
  parent: z.array(z.number().int()),
  /** Numbers into `services` and `names`. */
  service: z.array(z.number().int()),
  name: z.array(z.number().int()),
  /** Numbers into `spanKinds` and `spanStatuses`. */
  kind: z.array(z.number().int()),
  status: z.array(z.number().int()),
  /** Nanoseconds since `startNs` of the trace. */
  offset: z.array(z.number()),
  /** Nanoseconds, 0 or more. */
  duration: z.array(z.number()),
  events: z.array(z.number().int()),
  links: z.array(z.number().int()),
});
export type SpanColumns = z.infer<typeof spanColumns>;

/** One thing that is not as it should be in a trace, with the spans that it is true of. */
export const traceFlaw = z.object({
  kind: z.enum([
    'orphans',
    'several_roots',
    'no_root',
    'cycle',
    'duplicate_ids',
    'negative_duration',
    'clock_skew',
    'odd_time',
    'partial',
    'warning',
  ]),
  /** As a sentence. */
  text: z.string(),
  /** Numbers of spans; the first hundred. */
  spans: z.array(z.number().int()),
});
export type TraceFlaw = z.infer<typeof traceFlaw>;

export const trace = z.object({
  traceId: z.string(),
  /** Where its first span ran; null where that could not be had in time. */
  environment: z.string().nullable(),
  /** Id and name of the source that it was read from. */
  source: z.object({ id: z.string(), name: z.string(), kind: z.enum(['embedded', 'jaeger', 'tempo']) }),
  sources: z.array(sourceAnswer),
  startNs: instantNs,
  at: z.string(),
  durationNs: z.number(),
  services: z.array(z.string()),
  names: z.array(z.string()),
  spans: spanColumns,
  spanCount: z.number().int(),
  errorCount: z.number().int(),
  /** Levels of the tree, 1 for a single span. */
  depth: z.number().int(),
  sampledRatio: ratio.nullable(),
  flaws: z.array(traceFlaw),
  /** Facts (faults, deploys…) whose time meets the trace's, on its services. */
  facts: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      title: z.string(),
      services: z.array(z.string()),
      startAt: z.string(),
      endAt: z.string().nullable(),
    }),
  ),
});
export type Trace = z.infer<typeof trace>;

export const spanDetail = z.object({
  spanId: z.string(),
  parentSpanId: z.string().nullable(),
  service: z.string(),
  name: z.string(),
  kind: z.enum(spanKinds),
  status: z.enum(spanStatuses),
  statusMessage: z.string().nullable(),
  traceState: z.string().nullable(),
  startNs: instantNs,
  durationNs: z.number(),
  scope: z.object({ name: z.string().nullable(), version: z.string().nullable() }),
  attributes,
  resource: attributes,
  events: z.array(z.object({ name: z.string(), timeNs: instantNs, attributes })),
  links: z.array(z.object({ traceId: z.string(), spanId: z.string(), attributes })),
  dropped: z.object({ attributes: z.number().int(), events: z.number().int(), links: z.number().int() }),
  warnings: z.array(z.string()),
});
export type SpanDetail = z.infer<typeof spanDetail>;

export const spanDetails = z.object({ traceId: z.string(), items: z.array(spanDetail), nextCursor: z.null() });
export type SpanDetails = z.infer<typeof spanDetails>;

export const spanMatches = z.object({ traceId: z.string(), text: z.string(), spanIds: z.array(z.string()) });
export type SpanMatches = z.infer<typeof spanMatches>;

/** One row of the statistics of a trace. Times in nanoseconds. */
export const spanStatistic = z.object({
  service: z.string(),
  /** null in rows of a whole service. */
  name: z.string().nullable(),
  count: z.number().int(),
  errors: z.number().int(),
  totalNs: z.number(),
  /** Time in which no child ran: duration less the union of the children's intervals. */
  selfNs: z.number(),
  p50Ns: z.number(),
  p95Ns: z.number(),
  maxNs: z.number(),
});
export type SpanStatistic = z.infer<typeof spanStatistic>;

export const traceStatistics = z.object({
  traceId: z.string(),
  services: z.array(spanStatistic),
  operations: z.array(spanStatistic),
  /** The spans that the trace waited for, as intervals in nanoseconds since its start. */
  criticalPath: z.array(z.object({ spanId: z.string(), fromNs: z.number(), toNs: z.number() })),
});
export type TraceStatistics = z.infer<typeof traceStatistics>;

const comparedSide = z.object({
  count: z.number().int(),
  errors: z.number().int(),
  totalNs: z.number(),
  selfNs: z.number(),
});

/** One place in the merged tree of two traces: spans of one service and name under the same path. */
export const comparedNode = z.object({
  /** Number of the parent node, -1 for a root; parents come before their children. */
  parent: z.number().int(),
  service: z.string(),
  name: z.string(),
  change: z.enum(['same', 'slower', 'faster', 'new', 'gone']),
  a: comparedSide.nullable(),
  b: comparedSide.nullable(),
});
export type ComparedNode = z.infer<typeof comparedNode>;

const comparedTrace = z.object({
  traceId: z.string(),
  source: z.string(),
  at: z.string(),
  durationNs: z.number(),
  spanCount: z.number().int(),
  errorCount: z.number().int(),
  root: z.object({ service: z.string(), name: z.string() }).nullable(),
});
export const traceComparison = z.object({
  a: comparedTrace,
  b: comparedTrace,
  /** What tells most, as sentences, the largest difference first. */
  summary: z.array(z.string()),
  nodes: z.array(comparedNode),
});
export type TraceComparison = z.infer<typeof traceComparison>;

export const cohort = z.object({
  /** What it is, as words: `errors`, `slower than 812 ms`. */
  label: z.string(),
  /** Traces that were looked at. */
  traces: z.number().int(),
  /** More matched than were looked at. */
  truncated: z.boolean(),
});

/** One value of an attribute in both cohorts. Ratios are of the traces that have the attribute at all. */
export const comparedValue = z.object({
  value: z.string(),
  selection: z.number().int(),
  baseline: z.number().int(),
  selectionRatio: ratio,
  baselineRatio: ratio,
  /** As `attribute=` of the search takes it; null where it cannot be searched by. */
  filter: z.string().nullable(),
});
export type ComparedValue = z.infer<typeof comparedValue>;

export const comparedAttribute = z.object({
  scope: z.enum(['span', 'resource', 'trace']),
  /** On spans of this service; null for what belongs to the trace. */
  service: z.string().nullable(),
  key: z.string(),
  /** The largest difference between the two ratios of one value, 0 to 1. */
  score: ratio,
  /** Says that something went wrong rather than why (status codes, exceptions): listed after the others. */
  symptom: z.boolean(),
  /** Traces in which the attribute occurs. */
  selection: z.number().int(),
  baseline: z.number().int(),
  /** The value that differs most first; eight at most. */
  values: z.array(comparedValue),
  /** Values that are not listed. */
  others: z.object({ values: z.number().int(), selection: z.number().int(), baseline: z.number().int() }),
});
export type ComparedAttribute = z.infer<typeof comparedAttribute>;

export const analysis = z.object({
  selection: cohort,
  baseline: cohort,
  attributes: z.array(comparedAttribute),
  /** Attributes that were not compared, and why. */
  leftOut: z.array(z.object({ key: z.string(), reason: z.enum(['identifier', 'nearly_unique', 'too_few']) })),
  notes: z.array(z.string()),
  sampling: sampling.nullable(),
  sources: z.array(sourceAnswer),
});
export type Analysis = z.infer<typeof analysis>;

export const suspect = z.object({
  kind: z.enum(['version', 'replica', 'route', 'dependency', 'fault', 'attribute']),
  key: z.string(),
  value: z.string(),
  /** Failing requests that have it, by all failing ones: the share that it explains. */
  failingRatio: ratio,
  /** The same among the successful ones. */
  okRatio: ratio,
  failing: z.number().int(),
  ok: z.number().int(),
  /** `failingRatio` less `okRatio`, 0 to 1; the list is sorted by it. */
  score: ratio,
  /** As a sentence. */
  text: z.string(),
  /** Search of the traces that it is about, as query parameters of `/traces`. */
  search: z.string(),
});
export type Suspect = z.infer<typeof suspect>;

export const suspectList = z.object({
  environment: z.string(),
  service: z.string(),
  from: z.string(),
  to: z.string(),
  failing: z.number().int(),
  ok: z.number().int(),
  items: z.array(suspect),
  nextCursor: z.null(),
  notes: z.array(z.string()),
  sampling: sampling.nullable(),
  sources: z.array(sourceAnswer),
});
export type SuspectList = z.infer<typeof suspectList>;

/** A trace as it is kept beside an incident: whole, in one order, with the digest of its canonical JSON. */
export const traceSnapshot = z.object({
  format: z.literal('quarterdeck.trace/1'),
  traceId: z.string(),
  source: z.object({ id: z.string(), kind: z.enum(['embedded', 'jaeger', 'tempo']) }),
  takenAt: z.string(),
  startNs: instantNs,
  durationNs: z.number(),
  flaws: z.array(traceFlaw),
  spans: z.array(spanDetail),
  /** SHA-256 over the canonical JSON (RFC 8785) of `{format, traceId, spans}`, hexadecimal. */
  sha256: z.string(),
});
export type TraceSnapshot = z.infer<typeof traceSnapshot>;
