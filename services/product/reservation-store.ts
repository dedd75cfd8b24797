import { createHash } from 'node:crypto';
import type { Reservation, ReservationItem, ReservationState } from '#contracts/product.ts';
import { type Pool, type PoolClient, type Queryable, withTransaction } from '#kit/postgres.ts';
import { invalidField, Problem } from '#kit/problem.ts';

/** A product whose stock has changed, with what was available before and after. */
export interface StockChange {
  readonly productId: string;
  readonly before: number;
  readonly after: number;
}

export interface ReservationResult {
  readonly reservation: Reservation;
  readonly created: boolean;
  readonly changes: readonly StockChange[];
}

interface ReservationRow {
  readonly id: string;
  readonly state: ReservationState;
  readonly request_hash: string;
  readonly ttl_seconds: number;
  readonly expires_at: Date;
}

/**
 * Makes sure that the stock is held under this id: made, renewed, or held again after it had expired.
 * 409 when stock is short or the reservation was released, 422 when the id stands for other items.
 */
export function reserve(
  pool: Pool,
  id: string,
  items: readonly ReservationItem[],
  ttlSeconds: number,
): Promise<ReservationResult> {
  const hash = hashOf(items);
  return withTransaction(pool, async (client) => {
    const created = await insertReservation(client, id, hash, ttlSeconds);
    const row = await lockReservation(client, id);
    if (row.request_hash !== hash) {
      throw new Problem(422, 'product.reservation_reused', `Reservation ${id} was made for other items.`);
    }
    if (row.state === 'released') {
      throw new Problem(409, 'product.reservation_released', `Reservation ${id} has been released.`);
    }
    let changes: StockChange[] = [];
    if (created || row.state === 'expired') changes = await take(client, id, items);
    if (row.state !== 'committed') {
      await client.query(
        `UPDATE reservations SET state = 'held', expires_at = now() + make_interval(secs => $2), updated_at = now() WHERE id = $1`,
        [id, ttlSeconds],
      );
    }
    return { reservation: await readReservation(client, id), created, changes };
  });
}

/** Hands the held stock over for good; again has no effect. 409 when it is no longer held. */
export function commit(pool: Pool, id: string): Promise<ReservationResult> {
  return settle(pool, id, 'committed');
}

/** Gives the held stock back; again has no effect. 409 when it was committed. */
export function release(pool: Pool, id: string): Promise<ReservationResult> {
  return settle(pool, id, 'released');
}

function settle(pool: Pool, id: string, target: 'committed' | 'released'): Promise<ReservationResult> {
  return withTransaction(pool, async (client) => {
    const row = await lockReservation(client, id);
    let changes: StockChange[] = [];
    if (row.state === 'held') {
      changes = await giveBack(client, id, target === 'committed');
      await setState(client, id, target);
    } else if (row.state === 'expired' && target === 'released') {
      await setState(client, id, target);
    } else if (row.state !== target) {
      throw new Problem(
        409,
        `product.reservation_${row.state}`,
        `Reservation ${id} is ${row.state}, so it cannot become ${target}.`,
      );
    }
    return { reservation: await readReservation(client, id), created: false, changes };
  });
}

/** Expires up to `limit` reservations whose time is over and gives their stock back. */
export function expireDue(pool: Pool, limit = 100): Promise<{ count: number; changes: StockChange[] }> {
  return withTransaction(pool, async (client) => {
    const { rows } = await client.query<{ id: string }>(
      `SELECT id FROM reservations WHERE state = 'held' AND expires_at <= now() ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED`,
      [limit],
    );
    const changes: StockChange[] = [];
    for (const { id } of rows) {
      changes.push(...(await giveBack(client, id, false)));
      await setState(client, id, 'expired');
    }
    return { count: rows.length, changes };
  });
}

/** The reservation; 404 when there is none. */
export async function readReservation(db: Queryable, id: string): Promise<Reservation> {
  const { rows } = await db.query<ReservationRow>('SELECT * FROM reservations WHERE id = $1', [id]);
  const row = rows[0];
  if (!row) throw new Problem(404, 'product.no_reservation', `There is no reservation "${id}".`);
  const items = await db.query<{ productId: string; quantity: number; priceMinor: number; currency: 'EUR' }>(
    `SELECT product_id AS "productId", quantity, price_minor AS "priceMinor", currency
     FROM reservation_items WHERE reservation_id = $1 ORDER BY product_id`,
    [id],
  );
  return {
    id,
    state: row.state,
    items: items.rows,
    totalMinor: items.rows.reduce((sum, item) => sum + item.priceMinor * item.quantity, 0),
    currency: 'EUR',
    expiresAt: row.expires_at.toISOString(),
  };
}

async function insertReservation(client: PoolClient, id: string, hash: string, ttlSeconds: number): Promise<boolean> {
  const { rowCount } = await client.query(
    `INSERT INTO reservations (id, state, request_hash, ttl_seconds, expires_at)
     VALUES ($1, 'held', $2, $3::int, now() + make_interval(secs => $3::int)) ON CONFLICT (id) DO NOTHING`,
    [id, hash, ttlSeconds],
  );
  return rowCount === 1;
}

async function lockReservation(client: PoolClient, id: string): Promise<ReservationRow> {
  const { rows } = await client.query<ReservationRow>('SELECT * FROM reservations WHERE id = $1 FOR UPDATE', [id]);
  if (!rows[0]) throw new Problem(404, 'product.no_reservation', `There is no reservation "${id}".`);
  return rows[0];
}

async function setState(client: PoolClient, id: string, state: ReservationState): Promise<void> {
  await client.query('UPDATE reservations SET state = $2, updated_at = now() WHERE id = $1', [id, state]);
}

// Always in the order of product ids, so that two orders for the same products cannot wait for each other.
async function take(client: PoolClient, id: string, items: readonly ReservationItem[]): Promise<StockChange[]> {
  const changes: StockChange[] = [];
  const sorted = items
    .map((item, index) => ({ ...item, index }))
    .sort((left, right) => (left.productId < right.productId ? -1 : 1));
  for (const { productId, quantity, index } of sorted) {
    const { rows } = await client.query<{ available: number; price_minor: number; currency: string }>(
      `UPDATE products SET reserved = reserved + $2, updated_at = now()
       WHERE id = $1 AND on_hand - reserved >= $2
       RETURNING on_hand - reserved AS available, price_minor, currency`,
      [productId, quantity],
    );
    const row = rows[0];
    if (!row) throw await shortage(client, productId, quantity, index);
    await client.query(
      `INSERT INTO reservation_items (reservation_id, product_id, quantity, price_minor, currency) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (reservation_id, product_id) DO NOTHING`,
      [id, productId, quantity, row.price_minor, row.currency],
    );
    changes.push({ productId, before: row.available + quantity, after: row.available });
  }
  return changes;
}

async function shortage(client: PoolClient, productId: string, quantity: number, index: number): Promise<Problem> {
  const { rows } = await client.query<{ available: number }>(
    'SELECT on_hand - reserved AS available FROM products WHERE id = $1',
    [productId],
  );
  if (!rows[0])
    return invalidField(`items[${index}].productId`, 'unknown_product', `there is no product "${productId}"`);
  const message = `only ${rows[0].available} of ${productId} are available, ${quantity} were asked for`;
  return new Problem(409, 'product.insufficient_stock', `There is not enough in stock: ${message}.`, {
    errors: [{ path: `items[${index}].quantity`, code: 'insufficient_stock', message }],
  });
}

async function giveBack(client: PoolClient, id: string, sold: boolean): Promise<StockChange[]> {
  const { rows } = await client.query<{ product_id: string; quantity: number }>(
    'SELECT product_id, quantity FROM reservation_items WHERE reservation_id = $1 ORDER BY product_id',
    [id],
  );
  const changes: StockChange[] = [];
  for (const { product_id: productId, quantity } of rows) {
    const result = await client.query<{ available: number }>(
      `UPDATE products SET reserved = reserved - $2, on_hand = on_hand - $3, updated_at = now()
       WHERE id = $1 RETURNING on_hand - reserved AS available`,
      [productId, quantity, sold ? quantity : 0],
    );
    const after = result.rows[0]?.available ?? 0;
    changes.push({ productId, before: sold ? after : after - quantity, after });
  }
  return changes;
}

function hashOf(items: readonly ReservationItem[]): string {
  const sorted = items.map(({ productId, quantity }) => `${productId}=${quantity}`).sort();
  return createHash('sha256').update(sorted.join(',')).digest('hex');
}
