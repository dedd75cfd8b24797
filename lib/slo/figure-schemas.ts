import * as z from 'zod';
import { burnTier, measuredAt, sloDefinition, sloProblem, timeWindow } from './definition-schemas.ts';
import { policy } from './policy-schemas.ts';

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
