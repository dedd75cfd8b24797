import * as z from 'zod';
import { note, readVersion } from './definition-schemas.ts';

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
