import * as z from 'zod';
import { readVersion, sloName } from './definition-schemas.ts';

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

export const policyInput = z.strictObject({
  title: policy.shape.title,
  steps: policy.shape.steps,
  version: readVersion.describe('As read; 0 for a new one.'),
});
export const policyList = z.object({ items: z.array(policy), nextCursor: z.null() });
