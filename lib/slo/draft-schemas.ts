import * as z from 'zod';
import { note, readVersion, sloDefinition, sloName, sloProblem } from './definition-schemas.ts';
import { sloHistory, tierState, windowFigures } from './figure-schemas.ts';

const openSloText = z
  .string('must be text')
  .min(1, 'must not be empty')
  .max(200_000, 'must have at most 200,000 characters');

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
