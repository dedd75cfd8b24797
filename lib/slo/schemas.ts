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

export const sloStates = ['breached', 'at_risk', 'no_data', 'no_traffic', 'ok'] as const;
export type SloState = (typeof sloStates)[number];

/** Sums over a window. Events may be fractions: raw SLIs and slices. */
export const windowFigures = z.object({
  from: z.string(),
  /** End of the last bucket in it. */
  until: z.string(),
  /** When the window itself is over; for a rolling one the same as `until`. */
  endsAt: z.string(),
  good: z.number(),
  bad: z.number(),
  total: z.number(),
  /** good / total; null without events. */
  sli: z.number().nullable(),
  /** (1 - target) * total: so many failures are allowed. */
  allowedBad: z.number(),
  /** 1 - bad / allowedBad, below 0 once breached; null without events. */
  budgetLeft: z.number().nullable(),
  /** Share of the window's time that is known. */
  coverage: z.number(),
  /** Some of it was read by `increase()`. */
  approximate: z.boolean(),
});
export type WindowFigures = z.infer<typeof windowFigures>;

export const tierState = burnTier.extend({
  /** Share of the budget that burning at `factor` over the long window spends. */
  budgetShare: z.number(),
  /** False where `factor * (1 - target) >= 1`: it can never fire. */
  reachable: z.boolean(),
  /** Times the pace that spends the budget exactly; null: no data or no traffic. */
  longBurn: z.number().nullable(),
  shortBurn: z.number().nullable(),
  state: z.enum(['quiet', 'firing', 'unknown']),
  /** Since when it fires, from the alert. */
  since: z.string().nullable(),
});
export type TierState = z.infer<typeof tierState>;

export const forecast = z.object({
  /** In a sentence, how it was made. */
  method: z.string(),
  /** null: not within the horizon, or nothing is burnt. */
  exhaustedAt: z.string().nullable(),
  earliestAt: z.string().nullable(),
  latestAt: z.string().nullable(),
  /** Budget left on a common grid from now to the horizon; `fast` and `slow` are the band. */
  grid: z.object({ from: z.string(), to: z.string(), stepMs: z.number().int().positive() }),
  expected: z.array(z.number()),
  fast: z.array(z.number()),
  slow: z.array(z.number()),
  /** In words, with the policy step that it leads to. */
  sentence: z.string(),
});
export type Forecast = z.infer<typeof forecast>;

export const policyStep = z.object({
  /** In force while more than so much is left (0 to 1); null: nothing is left. */
  from: z.number().min(0).max(1).nullable(),
  name: z.string().min(1, 'must not be empty').max(50, 'must have at most 50 characters'),
  message: z.string().min(1, 'must not be empty').max(500, 'must have at most 500 characters'),
  /** What the guard of an operation that raises risk makes of it. */
  effect: z.enum(['none', 'warn', 'block']),
  /** Who is told when the step comes into force: `owner`, `commanders`, or names of targets. */
  tell: z.array(z.string().min(1).max(100)).max(20),
});
export type PolicyStep = z.infer<typeof policyStep>;

export const policy = z.object({
  name: sloName,
  title: z.string().min(1, 'must not be empty').max(100),
  steps: z.array(policyStep).min(1, 'must have at least one step').max(10),
  version: z.number().int(),
  updatedAt: z.string(),
});
export type Policy = z.infer<typeof policy>;

const actorName = z.object({ kind: z.string(), id: z.string(), name: z.string() });

/** One row of the list. */
export const sloSummary = z.object({
  environment: z.string(),
  name: z.string(),
  displayName: z.string(),
  service: z.string(),
  owner: z.string().nullable(),
  tier: z.number().int().nullable(),
  category: z.enum(['availability', 'latency', 'other']),
  target: z.number(),
  window: timeWindow,
  measuredAt,
  origin: z.enum(['file', 'ui']),
  file: z.string().nullable(),
  state: z.enum(sloStates),
  /** Why, as a sentence. */
  reason: z.string(),
  /** null until the ledger has anything. */
  figures: windowFigures.nullable(),
  /** Burn over the shortest window now; null: unknown. */
  burnNow: z.number().nullable(),
  /** When nothing is left at the pace of now; null: not within the window. */
  exhaustedAt: z.string().nullable(),
  /** Name of the budget policy that it follows. */
  policyName: z.string(),
  /** Name of the policy step in force. */
  policyStep: z.string().nullable(),
  firing: z.enum(['page', 'ticket']).nullable(),
  /** Set while the ledger is behind: since when, and why. */
  stale: z.object({ since: z.string(), reason: z.string() }).nullable(),
  backfill: z.enum(['none', 'running', 'done', 'failed']),
});
export type SloSummary = z.infer<typeof sloSummary>;

export const sloListQuery = z.object({
  env: z.string().optional(),
  service: z.string().optional(),
  owner: z.string().optional(),
  tier: z.coerce.number().int().min(1).max(4).optional(),
  state: z.enum(sloStates).optional(),
  q: z.string().max(200).optional(),
});
export const sloList = z.object({
  items: z.array(sloSummary),
  nextCursor: z.null(),
  asOf: z.string(),
  counts: z.record(z.string(), z.number().int()),
  /** Files that could not be read, with the line and the reason. */
  fileProblems: z.array(sloProblem.extend({ file: z.string() })),
  /** Live burn rates could not be read: why. */
  liveError: z.string().nullable(),
});
export type SloList = z.infer<typeof sloList>;

export const sloDetail = sloSummary.extend({
  description: z.string().nullable(),
  definition: sloDefinition,
  revision: z.number().int(),
  ledgerRevision: z.number().int(),
  /** To be sent back with a change. */
  version: z.number().int(),
  /** Where it is measured, as a sentence. */
  measuredAtSentence: z.string(),
  tiers: z.array(tierState),
  forecast: forecast.nullable(),
  /** With approved exclusions taken out; null where there are none. Alerts, guard and policy read the raw ones. */
  adjusted: windowFigures.nullable(),
  policy: policy.nullable(),
  ledger: z.object({
    from: z.string().nullable(),
    until: z.string().nullable(),
    backfill: z.enum(['none', 'running', 'done', 'failed']),
    error: z.string().nullable(),
  }),
  warnings: z.array(sloProblem),
});
export type SloDetail = z.infer<typeof sloDetail>;

const series = z.array(z.number().nullable());
/** Everything that the charts of an SLO show, on one grid; values at `from + i * stepMs` stand for the step after. */
export const sloHistory = z.object({
  grid: z.object({ from: z.string(), to: z.string(), stepMs: z.number().int().positive() }),
  good: series,
  bad: series,
  sli: series,
  coverage: series,
  /** Over the SLO's window up to the end of each step. */
  budgetLeft: series,
  /** The straight line from all to none over the window. */
  ideal: series,
  /** Burn by long and short window of each tier, in ms: `{"3600000": […]}`. */
  burn: z.record(z.string(), series),
  /** Figures before are generated; null where all are real. */
  generatedUntil: z.string().nullable(),
  exclusions: z.array(z.object({ id: z.string(), from: z.string(), to: z.string(), state: z.string() })),
});
export type SloHistory = z.infer<typeof sloHistory>;

export const sloRevision = z.object({
  revision: z.number().int(),
  createdAt: z.string(),
  actor: actorName,
  changes: z.array(z.string()),
  note: z.string().nullable(),
  target: z.number(),
  source: z.string(),
});
export type SloRevision = z.infer<typeof sloRevision>;
export const sloRevisionList = z.object({ items: z.array(sloRevision), nextCursor: z.null() });

const openSloText = z
  .string('must be text')
  .min(1, 'must not be empty')
  .max(200_000, 'must have at most 200,000 characters');
const note = z.string().trim().max(500, 'must have at most 500 characters').optional();

const readVersion = z
  .number('must be the version that was read')
  .int('must be a whole number')
  .min(0, 'must be 0 or more')
  .max(2_147_483_647, 'must be the version that was read')
  .describe('As read; 409 where somebody was faster.');

export const sloCreateInput = z.strictObject({
  source: openSloText.describe('OpenSLO v1 YAML with one SLO.'),
  note,
});
export const sloUpdateInput = z.strictObject({
  source: openSloText,
  version: readVersion,
  note,
});
export const sloSaved = z.object({
  environment: z.string(),
  name: z.string(),
  service: z.string(),
  outcome: z.enum(['created', 'updated', 'unchanged', 'archived']),
  revision: z.number().int(),
  ledgerRevision: z.number().int(),
  version: z.number().int(),
  /** As sentences. */
  changes: z.array(z.string()),
  /** What was said of the definition that did not keep it from being saved. */
  warnings: z.array(sloProblem),
});
export type SloSaved = z.infer<typeof sloSaved>;
export const sloArchiveInput = z.strictObject({ version: readVersion, note });
export const sloImportInput = z.strictObject({
  source: openSloText.describe('Any number of documents: SLO, SLI, AlertPolicy, AlertCondition, Service, DataSource.'),
  dryRun: z.boolean().default(false),
});
export const sloImportAnswer = z.object({
  problems: z.array(sloProblem),
  items: z.array(
    z.object({
      name: z.string(),
      environment: z.string(),
      /** Where it begins in what was sent. */
      line: z.number().int(),
      outcome: z.enum(['created', 'updated', 'unchanged', 'refused']),
      /** What would be different, as sentences. */
      changes: z.array(z.string()),
      reason: z.string().nullable(),
    }),
  ),
});
export type SloImportAnswer = z.infer<typeof sloImportAnswer>;

export const sloValidateInput = z.strictObject({
  source: z.string().max(200_000),
  name: sloName.optional().describe('The SLO that is being edited.'),
});
export const sloValidation = z.object({
  problems: z.array(sloProblem),
  /** null while there are errors. */
  definition: sloDefinition.nullable(),
  /** How alerts would be: the tiers with what they mean. */
  tiers: z.array(tierState.omit({ longBurn: true, shortBurn: true, state: true, since: true })),
  /** What was found in the metrics source for it; null where it was not asked. */
  found: z
    .object({ seriesTotal: z.number().int(), seriesGood: z.number().int(), ratePerSecond: z.number().nullable() })
    .nullable(),
});
export type SloValidation = z.infer<typeof sloValidation>;

/** From the form of the editor; `toOpenSlo` writes it as YAML. */
export const sloRenderInput = z.strictObject({ definition: sloDefinition });
export const sloRendered = z.object({ source: z.string() });

export const sloTemplate = z.object({
  id: z.string(),
  title: z.string(),
  /** Where it is measured and why that is the better place, as a sentence. */
  reason: z.string(),
  definition: sloDefinition,
  source: z.string(),
});
export type SloTemplate = z.infer<typeof sloTemplate>;
export const sloTemplateList = z.object({ items: z.array(sloTemplate), nextCursor: z.null(), service: z.string() });

export const sloPreviewInput = z.strictObject({
  source: openSloText,
  days: z.number().int().min(1).max(30).default(7),
});
export const sloPreview = z.object({
  from: z.string(),
  to: z.string(),
  figures: windowFigures.nullable(),
  history: sloHistory,
  /** When each tier would have fired. */
  firings: z.array(
    z.object({
      severity: z.enum(['page', 'ticket']),
      longMs: z.number(),
      shortMs: z.number(),
      from: z.string(),
      to: z.string().nullable(),
      budgetSpent: z.number(),
    }),
  ),
  /** "Would have paged 3 times in the last 7 days: …" */
  sentences: z.array(z.string()),
  cost: z.object({ series: z.number().int(), samplesPerDay: z.number(), sentence: z.string() }),
  warnings: z.array(sloProblem),
});
export type SloPreview = z.infer<typeof sloPreview>;

export const rulesStatus = z.object({
  state: z.enum(['not_configured', 'written', 'loaded', 'refused', 'failed']),
  /** A sentence. */
  detail: z.string(),
  hash: z.string().nullable(),
  writtenAt: z.string().nullable(),
  loadedAt: z.string().nullable(),
  checkedAt: z.string().nullable(),
  setAside: z.array(z.object({ environment: z.string(), name: z.string(), reason: z.string() })),
});
export type RulesStatus = z.infer<typeof rulesStatus>;

export const exclusion = z.object({
  id: z.string(),
  kind: z.enum(['maintenance', 'measurement_error']),
  from: z.string(),
  to: z.string(),
  reason: z.string(),
  announcedAt: z.string().nullable(),
  announcement: z.string().nullable(),
  state: z.enum(['proposed', 'approved', 'rejected', 'withdrawn']),
  proposedBy: z.object({ id: z.string(), name: z.string() }),
  proposedAt: z.string(),
  decidedBy: z.object({ id: z.string(), name: z.string() }).nullable(),
  decidedAt: z.string().nullable(),
  decisionNote: z.string().nullable(),
  version: z.number().int(),
  /** Events inside it, and what is left of the budget with it and without. */
  good: z.number(),
  total: z.number(),
  budgetLeftRaw: z.number().nullable(),
  budgetLeftAdjusted: z.number().nullable(),
});
export type Exclusion = z.infer<typeof exclusion>;
export const exclusionList = z.object({ items: z.array(exclusion), nextCursor: z.null() });

const instantText = z.iso.datetime({ offset: true, error: 'must be a time such as 2026-11-21T14:30:00Z' });
export const exclusionInput = z.strictObject({
  kind: z.enum(['maintenance', 'measurement_error'], 'must be maintenance or measurement_error'),
  from: instantText,
  to: instantText,
  reason: z.string().trim().min(1, 'must not be empty').max(1_000),
  announcedAt: instantText.optional().describe('When the maintenance was announced: before it began.'),
  announcement: z.string().max(2_000).optional().describe('Where it was announced: an address or a reference.'),
});
export const exclusionDecision = z.strictObject({ version: readVersion, note });

export const policyInput = z.strictObject({
  title: policy.shape.title,
  steps: policy.shape.steps,
  version: readVersion.describe('As read; 0 for a new one.'),
});
export const policyList = z.object({ items: z.array(policy), nextCursor: z.null() });
