import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { amountMinorSchema } from '#contracts/common.ts';
import type { Cache } from '#kit/cache.ts';
import { decodeCursor } from '#kit/cursor.ts';
import type { Pool } from '#kit/postgres.ts';
import { notFound, Problem } from '#kit/problem.ts';
import type { Server } from '#kit/server.ts';
import { pathId, queryInteger, text } from '#kit/validation.ts';
import { findProduct, insertProduct, listProducts, SORTS, updateProduct } from './catalogue-store.ts';
import type { ProductMetrics } from './metrics.ts';
import { LISTS, productKey } from './stock-cache.ts';

const listQuery = z.strictObject({
  q: text(0, 100).optional(),
  category: text(1, 40).optional(),
  sort: z.enum(SORTS, `must be one of ${SORTS.join(', ')}`).default('name'),
  limit: queryInteger(1, 500).default(50),
  cursor: text(1, 800).optional(),
});

const stockSchema = z.number().int().min(0).max(1_000_000);
const fields = {
  name: text(1, 120),
  description: text(1, 1_000),
  category: text(1, 40),
  priceMinor: amountMinorSchema,
  onHand: stockSchema,
};
const createBody = z.strictObject({
  ...fields,
  sku: z.string().regex(/^[A-Z0-9-]{3,32}$/, 'must be 3 to 32 capital letters, digits or "-"'),
});
const changeBody = z
  .strictObject(fields)
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'must change at least one field');
const idParams = z.object({ id: pathId });

export interface CatalogueRoutesOptions {
  readonly pool: Pool;
  readonly cache: Cache;
  readonly cacheTtlMs: number;
  readonly business: ProductMetrics;
}

/** The catalogue: list with search and cursor, one product, add, change. */
export async function catalogueRoutes(app: Server, options: CatalogueRoutesOptions): Promise<void> {
  const { pool, cache, cacheTtlMs, business } = options;

  app.get('/products', { schema: { querystring: listQuery } }, async (request) => {
    const { q, category, sort, limit, cursor } = request.query;
    const after = cursor === undefined ? undefined : decodeCursor(cursor, sort);
    if (q) business.searches.inc();
    const key = JSON.stringify([await cache.version(LISTS), q?.toLowerCase(), category, sort, limit, cursor]);
    return cache.through(`list:${key}`, cacheTtlMs, () => listProducts(pool, { q, category, sort, limit, after }));
  });

  app.get('/products/:id', { schema: { params: idParams } }, async (request) => {
    const { id } = request.params;
    const product = await cache.through(productKey(id), cacheTtlMs, () => findProduct(pool, id));
    if (!product) throw notFound('product', id);
    return product;
  });

  app.post('/products', { schema: { body: createBody } }, async (request, reply) => {
    const product = await insertProduct(pool, `prd_${randomUUID().replaceAll('-', '').slice(0, 16)}`, request.body);
    if (!product) throw new Problem(409, 'product.sku_taken', `The SKU ${request.body.sku} is taken.`);
    await cache.bump(LISTS);
    return reply.code(201).header('location', `/products/${product.id}`).send(product);
  });

  app.patch('/products/:id', { schema: { params: idParams, body: changeBody } }, async (request) => {
    const { id } = request.params;
    const outcome = await updateProduct(pool, id, request.body);
    if (outcome.kind === 'unknown') throw notFound('product', id);
    if (outcome.kind === 'below_reserved') {
      throw new Problem(409, 'product.stock_reserved', 'The stock cannot be set below what is reserved.');
    }
    await cache.drop(productKey(id));
    await cache.bump(LISTS);
    return outcome.product;
  });
}
