import * as z from 'zod';

export const sourceStates = ['ok', 'late', 'failing', 'unknown', 'absent'] as const;

/** An engine that Quarterdeck reads from, and how it is. */
export const source = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  usedFor: z.string(),
  /** Without credentials; null where none is configured. */
  url: z.string().nullable(),
  /** The environment variable that sets it. */
  setting: z.string(),
  required: z.boolean(),
  state: z.enum(sourceStates),
  version: z.string().nullable(),
  latencyMs: z.number().nullable(),
  checkedAt: z.string().nullable(),
  lastSuccessAt: z.string().nullable(),
  failingSince: z.string().nullable(),
  lastError: z.string().nullable(),
});
export type Source = z.infer<typeof source>;

/** A process of the one-machine stack. */
export const part = z.object({
  name: z.string(),
  title: z.string(),
  state: z.enum(['starting', 'running', 'external', 'absent', 'restarting', 'failed', 'stopped', 'unknown']),
  version: z.string().nullable(),
  /** Where its program came from. */
  origin: z.string().nullable(),
  address: z.string().nullable(),
  restarts: z.number(),
  lastError: z.string().nullable(),
  /** Since when it is in this state. */
  since: z.string().nullable(),
});
export type Part = z.infer<typeof part>;

export const sourceList = z.object({
  items: z.array(source),
  /** Empty where no one-machine stack runs this console. */
  parts: z.array(part),
  /** Why the parts are not known, where they should be. */
  partsError: z.string().nullable(),
  checkEveryMs: z.number(),
});
export type SourceList = z.infer<typeof sourceList>;

export const sourceTest = z.object({
  id: z.string(),
  ok: z.boolean(),
  latencyMs: z.number(),
  version: z.string().nullable(),
  error: z.string().nullable(),
});
export type SourceTest = z.infer<typeof sourceTest>;
