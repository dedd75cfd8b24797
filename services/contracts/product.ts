import * as z from 'zod';
import { amountMinorSchema, currencySchema } from './common.ts';

export const availabilitySchema = z.enum(['in_stock', 'low', 'sold_out']);

export const productSummarySchema = z.object({
  id: z.string(),
  sku: z.string(),
  name: z.string(),
  category: z.string(),
  priceMinor: amountMinorSchema,
  currency: currencySchema,
  availability: availabilitySchema,
});

export const productSchema = productSummarySchema.extend({
  description: z.string(),
  available: z.number().int(),
  updatedAt: z.string(),
});

export const productListSchema = z.object({
  items: z.array(productSummarySchema),
  nextCursor: z.string().nullable(),
});

export const reservationStateSchema = z.enum(['held', 'committed', 'released', 'expired']);

export const reservationItemSchema = z.strictObject({
  productId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'is not the id of a product'),
  quantity: z
    .number('must be a number')
    .int('must be an integer')
    .min(1, 'must be at least 1')
    .max(100, 'must be at most 100'),
});

export const reservationItemsSchema = z
  .array(reservationItemSchema)
  .min(1, 'must name at least one product')
  .max(20, 'must name at most 20 products')
  .superRefine((items, context) => {
    const seen = new Set<string>();
    for (const [index, { productId }] of items.entries()) {
      if (seen.has(productId)) {
        context.addIssue({ code: 'custom', path: [index, 'productId'], message: 'is named more than once' });
      }
      seen.add(productId);
    }
  });

export const reservationRequestSchema = z.strictObject({
  items: reservationItemsSchema,
  ttlSeconds: z.number().int().min(10).max(3_600).default(900),
});

export const reservedItemSchema = z.object({
  productId: z.string(),
  quantity: z.number().int(),
  priceMinor: amountMinorSchema,
  currency: currencySchema,
});

export const reservationSchema = z.object({
  id: z.string(),
  state: reservationStateSchema,
  items: z.array(reservedItemSchema),
  totalMinor: z.number().int(),
  currency: currencySchema,
  expiresAt: z.string(),
});

export type Availability = z.infer<typeof availabilitySchema>;
export type Product = z.infer<typeof productSchema>;
export type ProductSummary = z.infer<typeof productSummarySchema>;
export type ProductList = z.infer<typeof productListSchema>;
export type Reservation = z.infer<typeof reservationSchema>;
export type ReservationItem = z.infer<typeof reservationItemSchema>;
export type ReservationState = z.infer<typeof reservationStateSchema>;
