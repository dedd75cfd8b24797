import { createHash } from 'node:crypto';
import type { Order, OrderRequest, OrderState } from '#contracts/order.ts';
import { type Pool, type PoolClient, type Queryable, withTransaction } from '#kit/postgres.ts';
import { type FailureReason, mayBecome } from './rules.ts';

/** An order as it is kept; within this service only. */
export interface OrderRow {
  readonly id: string;
  readonly state: OrderState;
  readonly items: Order['items'];
  readonly payment_method: string;
  readonly total_minor: number | null;
  readonly currency: 'EUR';
  readonly charge_requested: boolean;
  readonly charge_id: string | null;
  readonly charge_deadline: Date | null;
  readonly outcome: 'failed' | 'cancelled' | null;
  readonly failure_reason: FailureReason | null;
  readonly abandon_at: Date | null;
  readonly attempts: number;
  readonly traceparent: string | null;
  readonly correlation_id: string | null;
  readonly request_hash: string;
  readonly created_at: Date;
  readonly updated_at: Date;
}

export interface NewOrder {
  readonly id: string;
  readonly client: string;
  readonly idempotencyKey: string;
  readonly request: OrderRequest;
  readonly owner: string;
  readonly leaseMs: number;
  readonly traceparent: string | undefined;
  readonly correlationId: string | undefined;
}

export function hashOf(request: OrderRequest): string {
  const items = request.items.map(({ productId, quantity }) => [productId, quantity]);
  return createHash('sha256')
    .update(JSON.stringify([items, request.paymentMethod]))
    .digest('hex');
}

/** Writes a pending order that `owner` works on, or finds the one that this key already made. */
export function insertOrder(pool: Pool, order: NewOrder): Promise<{ order: OrderRow; created: boolean }> {
  return withTransaction(pool, async (client) => {
    const { rows } = await client.query<OrderRow>(
      `INSERT INTO orders (id, client, idempotency_key, request_hash, items, payment_method, state, lease_owner, lease_until, traceparent, correlation_id)
       VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7, now() + make_interval(secs => $8), $9, $10)
       ON CONFLICT (client, idempotency_key) DO NOTHING RETURNING *`,
      [
        order.id,
        order.client,
        order.idempotencyKey,
        hashOf(order.request),
        JSON.stringify(order.request.items),
        order.request.paymentMethod,
        order.owner,
        order.leaseMs / 1000,
        order.traceparent,
        order.correlationId,
      ],
    );
    if (rows[0]) {
      await recordTransition(client, order.id, null, 'pending', null);
      return { order: rows[0], created: true };
    }
    const known = await client.query<OrderRow>('SELECT * FROM orders WHERE client = $1 AND idempotency_key = $2', [
      order.client,
      order.idempotencyKey,
    ]);
    return { order: known.rows[0] as OrderRow, created: false };
  });
}

export async function findOrder(db: Queryable, id: string): Promise<OrderRow | undefined> {
  const { rows } = await db.query<OrderRow>('SELECT * FROM orders WHERE id = $1', [id]);
  return rows[0];
}

/** Takes one order for `leaseMs` unless somebody else works on it. */
export async function claimOrder(
  db: Queryable,
  id: string,
  owner: string,
  leaseMs: number,
): Promise<OrderRow | undefined> {
  const { rows } = await db.query<OrderRow>(
    `UPDATE orders SET lease_owner = $2, lease_until = now() + make_interval(secs => $3)
     WHERE id = $1 AND (lease_until IS NULL OR lease_until <= now()) RETURNING *`,
    [id, owner, leaseMs / 1000],
  );
  return rows[0];
}

/** Takes up to `limit` unfinished orders that are due, or that a process died over. */
export async function claimDueOrders(
  db: Queryable,
  owner: string,
  limit: number,
  leaseMs: number,
): Promise<OrderRow[]> {
  const { rows } = await db.query<OrderRow>(
    `UPDATE orders SET lease_owner = $1, lease_until = now() + make_interval(secs => $3)
     WHERE id IN (
       SELECT id FROM orders
       WHERE state NOT IN ('confirmed', 'failed', 'cancelled') AND due_at <= now() AND (lease_until IS NULL OR lease_until <= now())
       ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
     ) RETURNING *`,
    [owner, limit, leaseMs / 1000],
  );
  return rows;
}

/** What changes together with a state. */
export interface Change {
  readonly items?: Order['items'];
  readonly totalMinor?: number;
  readonly chargeId?: string;
  readonly chargeDeadlineMs?: number;
  readonly outcome?: 'failed' | 'cancelled';
  readonly reason?: FailureReason;
}

/** Moves a claimed order on; undefined when it is no longer this owner's, or no longer in the state that was seen. */
export function transition(
  pool: Pool,
  order: OrderRow,
  owner: string,
  to: OrderState,
  change: Change = {},
): Promise<OrderRow | undefined> {
  if (!mayBecome(order.state, to)) throw new Error(`an order cannot go from ${order.state} to ${to}`);
  return withTransaction(pool, async (client) => {
    const { rows } = await client.query<OrderRow>(
      `UPDATE orders SET state = $4, items = coalesce($5, items), total_minor = coalesce($6, total_minor),
         charge_id = coalesce($7, charge_id),
         charge_deadline = coalesce(now() + make_interval(secs => $8::float8 / 1000), charge_deadline),
         outcome = coalesce($9, outcome), failure_reason = coalesce($10, failure_reason),
         abandon_at = NULL, attempts = 0, due_at = now(), updated_at = now()
       WHERE id = $1 AND state = $2 AND lease_owner = $3 RETURNING *`,
      [
        order.id,
        order.state,
        owner,
        to,
        change.items ? JSON.stringify(change.items) : null,
        change.totalMinor,
        change.chargeId,
        change.chargeDeadlineMs,
        change.outcome,
        change.reason,
      ],
    );
    if (rows[0]) await recordTransition(client, order.id, order.state, to, change.reason ?? null);
    return rows[0];
  });
}

/** Notes that payment is about to be asked; from here on a charge may exist. */
export async function noteChargeRequested(db: Queryable, id: string): Promise<void> {
  await db.query('UPDATE orders SET charge_requested = true WHERE id = $1', [id]);
}

export async function noteCharge(db: Queryable, id: string, chargeId: string): Promise<void> {
  await db.query('UPDATE orders SET charge_id = $2 WHERE id = $1', [id, chargeId]);
}

/** Gives a claimed order back, to be looked at again after `delayMs`. */
export async function putBack(db: Queryable, id: string, owner: string, delayMs: number): Promise<void> {
  await db.query(
    `UPDATE orders SET lease_owner = NULL, lease_until = NULL, attempts = attempts + 1, due_at = now() + make_interval(secs => $3)
     WHERE id = $1 AND lease_owner = $2`,
    [id, owner, delayMs / 1000],
  );
}

/** Gives a pending order back whose caller was told "not now": it waits for another try until `abandonMs` are over. */
export async function awaitRetry(db: Queryable, id: string, owner: string, abandonMs: number): Promise<void> {
  await db.query(
    `UPDATE orders SET lease_owner = NULL, lease_until = NULL,
       abandon_at = coalesce(abandon_at, now() + make_interval(secs => $3)),
       due_at = coalesce(abandon_at, now() + make_interval(secs => $3))
     WHERE id = $1 AND lease_owner = $2 AND state = 'pending'`,
    [id, owner, abandonMs / 1000],
  );
}

/** Calls an order off; undefined when it is too late. */
export function cancelOrder(pool: Pool, id: string, states: readonly OrderState[]): Promise<OrderRow | undefined> {
  return withTransaction(pool, async (client) => {
    const { rows } = await client.query<OrderRow & { before: OrderState }>(
      `WITH seen AS (SELECT id, state FROM orders WHERE id = $1 AND state = ANY($2) FOR UPDATE)
       UPDATE orders SET state = 'compensating', outcome = 'cancelled', failure_reason = 'cancelled_by_customer',
         lease_owner = NULL, lease_until = NULL, attempts = 0, due_at = now(), updated_at = now()
       FROM seen WHERE orders.id = seen.id RETURNING orders.*, seen.state AS before`,
      [id, states],
    );
    const row = rows[0];
    if (row) await recordTransition(client, id, row.before, 'compensating', 'cancelled_by_customer');
    return row;
  });
}

/** Unfinished orders by state. */
export async function countOpen(db: Queryable): Promise<Map<OrderState, number>> {
  const { rows } = await db.query<{ state: OrderState; count: string }>(
    `SELECT state, count(*) FROM orders WHERE state NOT IN ('confirmed', 'failed', 'cancelled') GROUP BY state`,
  );
  return new Map(rows.map((row) => [row.state, Number(row.count)]));
}

async function recordTransition(
  client: PoolClient,
  id: string,
  from: OrderState | null,
  to: OrderState,
  reason: string | null,
): Promise<void> {
  await client.query('INSERT INTO order_transitions (order_id, from_state, to_state, reason) VALUES ($1, $2, $3, $4)', [
    id,
    from,
    to,
    reason,
  ]);
}

export function toOrder(row: OrderRow): Order {
  return {
    id: row.id,
    state: row.state,
    items: row.items,
    totalMinor: row.total_minor,
    currency: row.currency,
    failureReason: row.failure_reason,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}
