import * as z from 'zod';
import { amountMinorSchema, currencySchema } from './common.ts';

/** queued → settling → succeeded or declined; before or after that → voiding → cancelled (nothing taken) or refunded. */
export const chargeStateSchema = z.enum([
  'queued',
  'settling',
  'succeeded',
  'declined',
  'voiding',
  'cancelled',
  'refunded',
]);

/** A stand-in for a card, as a shop gets it from its payment form; never a card's number. */
export const paymentMethodSchema = z
  .string()
  .regex(/^pm_[a-z0-9_]{1,40}$/, 'must be a payment method such as pm_visa; card numbers are not taken');

export const chargeRequestSchema = z.strictObject({
  orderId: z.uuid('must be the id of an order'),
  amountMinor: amountMinorSchema.min(1, 'must be at least 1'),
  currency: currencySchema,
  paymentMethod: paymentMethodSchema,
});

export const chargeSchema = z.object({
  id: z.uuid(),
  orderId: z.string(),
  state: chargeStateSchema,
  amountMinor: amountMinorSchema,
  currency: currencySchema,
  declineReason: z.string().nullable(),
  createdAt: z.string(),
  settledAt: z.string().nullable(),
});

export const incidentKindSchema = z.enum(['errors', 'latency', 'declines', 'stall']);

/** What a simulated incident hits; all that is named must hold. `errors` and `latency` can be scoped. */
export const incidentScopeSchema = z.strictObject({
  /** A replica, such as payment-2. */
  instance: z.string().min(1, 'must name a replica, such as payment-2').max(200).optional(),
  /** A route as it is registered, such as /charges/:id. */
  route: z.string().regex(/^\//, 'must be a route such as /charges or /charges/:id').max(200).optional(),
  paymentMethod: paymentMethodSchema.optional(),
});

export const MAX_INCIDENT_SECONDS = 1_800;

const scopable: ReadonlySet<string> = new Set(['errors', 'latency']);

export const incidentRequestSchema = z
  .strictObject({
    kind: incidentKindSchema,
    ratio: z.number().min(0.01, 'must be at least 0.01').max(1, 'must be at most 1').default(1),
    latencyMs: z.number().int().min(1).max(30_000, 'must be at most 30000').optional(),
    durationSeconds: z
      .number()
      .int()
      .min(1, 'must be at least 1')
      .max(MAX_INCIDENT_SECONDS, `must be at most ${MAX_INCIDENT_SECONDS}`),
    scope: incidentScopeSchema.default({}),
  })
  .refine((incident) => scopable.has(incident.kind) || Object.keys(incident.scope).length === 0, {
    path: ['scope'],
    message: 'is possible for errors and latency only',
  })
  .refine((incident) => incident.kind !== 'latency' || incident.latencyMs !== undefined, {
    path: ['latencyMs'],
    message: 'must be given for the kind latency, for example 800',
  });

export const incidentSchema = z.object({
  kind: incidentKindSchema,
  ratio: z.number(),
  latencyMs: z.number().int().nullable(),
  scope: incidentScopeSchema,
  startedAt: z.string(),
  expiresAt: z.string(),
});

export const incidentListSchema = z.object({ items: z.array(incidentSchema) });

export type Charge = z.infer<typeof chargeSchema>;
export type ChargeRequest = z.infer<typeof chargeRequestSchema>;
export type ChargeState = z.infer<typeof chargeStateSchema>;
export type Incident = z.infer<typeof incidentSchema>;
export type IncidentKind = z.infer<typeof incidentKindSchema>;
export type IncidentScope = z.infer<typeof incidentScopeSchema>;
export type IncidentRequest = z.infer<typeof incidentRequestSchema>;
