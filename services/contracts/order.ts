import * as z from 'zod';
import { currencySchema } from './common.ts';
import { paymentMethodSchema } from './payment.ts';
import { reservationItemsSchema, reservedItemSchema } from './product.ts';

/**
 * pending → reserved → charging → paid → confirmed; from each of the first four, when a step fails for good,
 * → compensating → failed or cancelled.
 */
export const orderStateSchema = z.enum([
  'pending',
  'reserved',
  'charging',
  'paid',
  'confirmed',
  'compensating',
  'failed',
  'cancelled',
]);

export const orderRequestSchema = z.strictObject({
  items: reservationItemsSchema,
  paymentMethod: paymentMethodSchema.default('pm_visa'),
});

export const orderSchema = z.object({
  id: z.uuid(),
  state: orderStateSchema,
  items: z.array(z.union([reservedItemSchema, z.object({ productId: z.string(), quantity: z.number().int() })])),
  totalMinor: z.number().int().nullable(),
  currency: currencySchema,
  failureReason: z.string().nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
});

export type Order = z.infer<typeof orderSchema>;
export type OrderRequest = z.infer<typeof orderRequestSchema>;
export type OrderState = z.infer<typeof orderStateSchema>;
