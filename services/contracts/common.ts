import * as z from 'zod';

/** Money: an amount in the minor unit of its currency (cents), never a fraction. */
export const currencySchema = z.enum(['EUR']);
export const amountMinorSchema = z.number().int().min(0).max(100_000_000);

export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  detail: z.string(),
  errors: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })),
});

export type ProblemBody = z.infer<typeof problemSchema>;
