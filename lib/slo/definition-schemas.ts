import * as z from 'zod';

/** The slug of an SLO, as `metadata.name` in OpenSLO: a DNS label (RFC 1123). */
export const sloName = z
  .string('must be text')
  .min(1, 'must not be empty')
  .max(63, 'must have at most 63 characters')
  .regex(/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/, 'may have lower-case letters, digits and -, such as payment-availability');
/** Names that are addresses of their own. */
export const reservedSloNames = ['new', 'map', 'rules', 'preview', 'validate', 'import', 'openslo', 'templates'];

/** Where the requests are counted; a service's own counters say nothing while it is dead. */
export const measuredAt = z.enum(['caller', 'gateway', 'probe', 'service']);
export type MeasuredAt = z.infer<typeof measuredAt>;

/** What unknown time counts as: left out, or as all good or all bad at the window's usual traffic. */
export const gapPolicy = z.enum(['unknown', 'good', 'bad']);
export type GapPolicy = z.infer<typeof gapPolicy>;

/**
 * What is measured. PromQL of a counter is a sum of selectors without a function (`sum(a{…}) + sum(b{…})`, `-`, `or`);
 * `rate`, `increase` and their window around a selector are left away when it is read.
 */
export const indicator = z.discriminatedUnion('kind', [
  /** OpenSLO `ratioMetric`: events, of which exactly one of good and bad is given. */
  z.object({
    kind: z.literal('ratio'),
    counter: z.boolean(),
    good: z.string().nullable(),
    bad: z.string().nullable(),
    total: z.string(),
  }),
  /** OpenSLO `ratioMetric.raw`: an expression that is a ratio by itself; every sample weighs the same. */
  z.object({ kind: z.literal('raw'), type: z.enum(['success', 'failure']), query: z.string() }),
  /** OpenSLO `thresholdMetric`: a sample is good while it compares so with the value. A probe is `gte 1`. */
  z.object({
    kind: z.literal('threshold'),
    query: z.string(),
    op: z.enum(['lt', 'lte', 'gt', 'gte']),
    value: z.number(),
  }),
]);
export type Indicator = z.infer<typeof indicator>;

export const timeWindow = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('rolling'), days: z.number().int().min(1).max(90) }),
  z.object({
    kind: z.literal('calendar'),
    unit: z.enum(['week', 'month', 'quarter', 'year']),
    /** IANA. A week begins on Monday. */
    timeZone: z.string(),
  }),
]);
export type TimeWindow = z.infer<typeof timeWindow>;

/** One pair of windows of a burn-rate alert: fires when the burn over both is above `factor`. */
export const burnTier = z.object({
  severity: z.enum(['page', 'ticket']),
  longMs: z.number().int().positive(),
  shortMs: z.number().int().positive(),
  factor: z.number().positive(),
});
export type BurnTier = z.infer<typeof burnTier>;

export const sloDefinition = z.object({
  environment: z.string(),
  name: sloName,
  displayName: z.string().nullable(),
  description: z.string().nullable(),
  service: z.string(),
  owner: z.string().nullable(),
  /** 1 matters most; null: the catalogue's. */
  tier: z.number().int().min(1).max(4).nullable(),
  /** What kind of promise it is; groups the list by objective. */
  category: z.enum(['availability', 'latency', 'other']),
  labels: z.record(z.string(), z.string()),
  indicator,
  measuredAt,
  budgeting: z.discriminatedUnion('method', [
    z.object({ method: z.literal('occurrences') }),
    /** A slice is good when its share of good events reaches `sliceTarget`; one slice is one event. */
    z.object({ method: z.literal('timeslices'), sliceMs: z.number().int().positive(), sliceTarget: z.number() }),
    /** A slice counts with its share of good events: every slice weighs the same, whatever its traffic. */
    z.object({ method: z.literal('ratioTimeslices'), sliceMs: z.number().int().positive() }),
  ]),
  window: timeWindow,
  /** Above 0 and below 1. */
  target: z.number().gt(0).lt(1),
  gapPolicy,
  /** Name of a budget policy. */
  policy: z.string(),
  runbookUrl: z.string().nullable(),
  alerting: z.object({
    /** null: those of `defaultTiers`; none: no burn alerts. */
    tiers: z.array(burnTier).nullable(),
    /** A burn alert needs so many failures in its long window. */
    minFailures: z.number().int().min(0),
    /** Whether missing data pages; null: for tier 1 only, else it is a ticket. */
    absentPages: z.boolean().nullable(),
  }),
});
export type SloDefinition = z.infer<typeof sloDefinition>;

/** Something to say about a definition: an error keeps it from being saved, a warning does not. */
export const sloProblem = z.object({
  level: z.enum(['error', 'warning']),
  /** `slo.…`, stable. */
  code: z.string(),
  /** From 1; null where it is about the whole. */
  line: z.number().int().nullable(),
  column: z.number().int().nullable(),
  /** Where in the document: `spec.objectives[0].target`. */
  path: z.string(),
  message: z.string(),
});
export type SloProblem = z.infer<typeof sloProblem>;

/** Why something is changed. */
export const note = z.string().trim().max(500, 'must have at most 500 characters').optional();

/** The version that a change was made on. */
export const readVersion = z
  .number('must be the version that was read')
  .int('must be a whole number')
  .min(0, 'must be 0 or more')
  .max(2_147_483_647, 'must be the version that was read')
  .describe('As read; 409 where somebody was faster.');
