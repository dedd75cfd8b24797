import type { Product, ProductSummary } from '#contracts/product.ts';
import { type Cursor, encodeCursor } from '#kit/cursor.ts';
import type { Queryable } from '#kit/postgres.ts';
import { availabilityOf } from './rules.ts';

interface ProductRow {
  readonly id: string;
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly category: string;
  readonly price_minor: number;
  readonly currency: 'EUR';
  readonly available: number;
  readonly updated_at: Date;
}

const COLUMNS =
  'id, sku, name, description, category, price_minor, currency, on_hand - reserved AS available, updated_at';

export const SORTS = ['name', 'price', '-price'] as const;
export type Sort = (typeof SORTS)[number];

const ORDER: Readonly<Record<Sort, { column: 'name' | 'price_minor'; direction: 'ASC' | 'DESC'; beyond: '>' | '<' }>> =
  {
    name: { column: 'name', direction: 'ASC', beyond: '>' },
    price: { column: 'price_minor', direction: 'ASC', beyond: '>' },
    '-price': { column: 'price_minor', direction: 'DESC', beyond: '<' },
  };

export interface ListQuery {
  readonly q?: string;
  readonly category?: string;
  readonly sort: Sort;
  readonly limit: number;
  readonly after?: Cursor;
}

/** One page of products and the cursor of the next, null at the end. */
export async function listProducts(
  db: Queryable,
  query: ListQuery,
): Promise<{ items: ProductSummary[]; nextCursor: string | null }> {
  const { column, direction, beyond } = ORDER[query.sort];
  const values: unknown[] = [query.limit + 1];
  const conditions: string[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  if (query.q) {
    const words = bind(query.q);
    const part = bind(`%${query.q.replace(/[\\%_]/g, '\\$&')}%`);
    conditions.push(`(search @@ websearch_to_tsquery('simple', ${words}) OR name ILIKE ${part})`);
  }
  if (query.category) conditions.push(`category = ${bind(query.category)}`);
  if (query.after) conditions.push(`(${column}, id) ${beyond} (${bind(query.after.key)}, ${bind(query.after.id)})`);
  const { rows } = await db.query<ProductRow>(
    `SELECT ${COLUMNS} FROM products ${conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : ''}
     ORDER BY ${column} ${direction}, id ${direction} LIMIT $1`,
    values,
  );
  const page = rows.slice(0, query.limit);
  const last = page.at(-1);
  const more = rows.length > query.limit && last !== undefined;
  return {
    items: page.map(toSummary),
    nextCursor: more ? encodeCursor({ sort: query.sort, key: last[column], id: last.id }) : null,
  };
}

export async function findProduct(db: Queryable, id: string): Promise<Product | undefined> {
  const { rows } = await db.query<ProductRow>(`SELECT ${COLUMNS} FROM products WHERE id = $1`, [id]);
  return rows[0] && toProduct(rows[0]);
}

export interface ProductInput {
  readonly sku: string;
  readonly name: string;
  readonly description: string;
  readonly category: string;
  readonly priceMinor: number;
  readonly onHand: number;
}

/** Adds a product; undefined when its SKU is taken. */
export async function insertProduct(db: Queryable, id: string, input: ProductInput): Promise<Product | undefined> {
  const { rows } = await db.query<ProductRow>(
    `INSERT INTO products (id, sku, name, description, category, price_minor, currency, on_hand)
     VALUES ($1, $2, $3, $4, $5, $6, 'EUR', $7) ON CONFLICT (sku) DO NOTHING RETURNING ${COLUMNS}`,
    [id, input.sku, input.name, input.description, input.category, input.priceMinor, input.onHand],
  );
  return rows[0] && toProduct(rows[0]);
}

export type UpdateOutcome =
  | { readonly kind: 'updated'; readonly product: Product }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'below_reserved' };

/** Changes the fields that are given; stock cannot be set below what is reserved. */
export async function updateProduct(
  db: Queryable,
  id: string,
  change: Partial<Omit<ProductInput, 'sku'>>,
): Promise<UpdateOutcome> {
  const { rows } = await db.query<ProductRow>(
    `UPDATE products SET name = coalesce($2, name), description = coalesce($3, description),
       category = coalesce($4, category), price_minor = coalesce($5, price_minor),
       on_hand = coalesce($6, on_hand), updated_at = now()
     WHERE id = $1 AND reserved <= coalesce($6, on_hand) RETURNING ${COLUMNS}`,
    [id, change.name, change.description, change.category, change.priceMinor, change.onHand],
  );
  if (rows[0]) return { kind: 'updated', product: toProduct(rows[0]) };
  return { kind: (await findProduct(db, id)) ? 'below_reserved' : 'unknown' };
}

/** Buys in what has run low; the ids of the products and how many units came. */
export async function restock(
  db: Queryable,
  belowUnits: number,
  toUnits: number,
): Promise<{ ids: string[]; units: number }> {
  const { rows } = await db.query<{ id: string; units: number }>(
    `WITH due AS (
       SELECT id, $2 - (on_hand - reserved) AS units FROM products
       WHERE on_hand - reserved < $1 ORDER BY id FOR UPDATE SKIP LOCKED
     )
     UPDATE products SET on_hand = on_hand + due.units, updated_at = now()
     FROM due WHERE products.id = due.id AND due.units > 0 RETURNING products.id, due.units`,
    [belowUnits, toUnits],
  );
  return { ids: rows.map((row) => row.id), units: rows.reduce((sum, row) => sum + row.units, 0) };
}

/** Units that can be sold, over all products. */
export async function availableUnits(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ units: string }>(
    'SELECT coalesce(sum(on_hand - reserved), 0) AS units FROM products',
  );
  return Number(rows[0]?.units ?? 0);
}

function toSummary(row: ProductRow): ProductSummary {
  return {
    id: row.id,
    sku: row.sku,
    name: row.name,
    category: row.category,
    priceMinor: row.price_minor,
    currency: row.currency,
    availability: availabilityOf(row.available),
  };
}

function toProduct(row: ProductRow): Product {
  return {
    ...toSummary(row),
    description: row.description,
    available: row.available,
    updatedAt: row.updated_at.toISOString(),
  };
}
