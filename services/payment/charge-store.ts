import { createHash, randomUUID } from 'node:crypto';
import type { Charge, ChargeRequest, ChargeState } from '#contracts/payment.ts';
import type { Queryable } from '#kit/postgres.ts';
import { notFound, Problem } from '#kit/problem.ts';

interface ChargeRow {
  readonly id: string;
  readonly order_id: string;
  readonly state: ChargeState;
  readonly amount_minor: number;
  readonly currency: 'EUR';
  readonly decline_reason: string | null;
  readonly created_at: Date;
  readonly settled_at: Date | null;
  readonly request_hash: string;
}

const COLUMNS = 'id, order_id, state, amount_minor, currency, decline_reason, created_at, settled_at, request_hash';

export interface NewCharge extends ChargeRequest {
  readonly idempotencyKey: string;
  readonly traceparent: string | undefined;
  readonly correlationId: string | undefined;
}

/** Queues a charge, or finds the one that this key already made; 422 when the key stands for another charge. */
export async function enqueueCharge(db: Queryable, charge: NewCharge): Promise<{ charge: Charge; created: boolean }> {
  const { orderId, amountMinor, currency, paymentMethod } = charge;
  const hash = createHash('sha256')
    .update(JSON.stringify([orderId, amountMinor, currency, paymentMethod]))
    .digest('hex');
  const inserted = await db.query<ChargeRow>(
    `INSERT INTO charges (id, idempotency_key, request_hash, order_id, amount_minor, currency, payment_method, state, traceparent, correlation_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'queued', $8, $9)
     ON CONFLICT (idempotency_key) DO NOTHING RETURNING ${COLUMNS}`,
    [
      randomUUID(),
      charge.idempotencyKey,
      hash,
      orderId,
      amountMinor,
      currency,
      paymentMethod,
      charge.traceparent,
      charge.correlationId,
    ],
  );
  if (inserted.rows[0]) return { charge: toCharge(inserted.rows[0]), created: true };
  const { rows } = await db.query<ChargeRow>(`SELECT ${COLUMNS} FROM charges WHERE idempotency_key = $1`, [
    charge.idempotencyKey,
  ]);
  const row = rows[0];
  if (!row) throw new Error('a charge vanished between two statements');
  if (row.request_hash !== hash) {
    throw new Problem(422, 'payment.key_reused', 'This Idempotency-Key was used for another charge.');
  }
  return { charge: toCharge(row), created: false };
}

/** The charge; 404 when there is none. */
export async function readCharge(db: Queryable, id: string): Promise<Charge> {
  const { rows } = await db.query<ChargeRow>(`SELECT ${COLUMNS} FROM charges WHERE id = $1`, [id]);
  if (!rows[0]) throw notFound('charge', id);
  return toCharge(rows[0]);
}

/** Asks that no money stays taken: the worker voids or refunds. Has no effect on a charge that took none. */
export async function voidCharge(db: Queryable, id: string): Promise<Charge> {
  await db.query(
    `UPDATE charges SET state = 'voiding', due_at = now(), attempts = 0, lease_owner = NULL, lease_until = NULL
     WHERE id = $1 AND state IN ('queued', 'settling', 'succeeded')`,
    [id],
  );
  return readCharge(db, id);
}

export interface ClaimedCharge {
  readonly id: string;
  readonly order_id: string;
  readonly state: 'settling' | 'voiding';
  readonly amount_minor: number;
  readonly currency: string;
  readonly payment_method: string;
  readonly attempts: number;
  readonly traceparent: string | null;
  readonly correlation_id: string | null;
  readonly created_at: Date;
}

/** Takes up to `limit` charges that are due, or whose worker let its lease run out, for `leaseMs`. */
export async function claimCharges(
  db: Queryable,
  owner: string,
  limit: number,
  leaseMs: number,
): Promise<ClaimedCharge[]> {
  const { rows } = await db.query<ClaimedCharge>(
    `UPDATE charges SET state = CASE state WHEN 'queued' THEN 'settling' ELSE state END, attempts = attempts + 1,
       lease_owner = $1, lease_until = now() + make_interval(secs => $3)
     WHERE id IN (
       SELECT id FROM charges
       WHERE state IN ('queued', 'settling', 'voiding') AND due_at <= now() AND (lease_until IS NULL OR lease_until <= now())
       ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED
     )
     RETURNING id, order_id, state, amount_minor, currency, payment_method, attempts, traceparent, correlation_id, created_at`,
    [owner, limit, leaseMs / 1000],
  );
  return rows;
}

/** Writes what became of a claimed charge; false when it is no longer this owner's to say. */
export async function finishCharge(
  db: Queryable,
  claimed: ClaimedCharge,
  owner: string,
  state: 'succeeded' | 'declined' | 'cancelled' | 'refunded',
  declineReason: string | null,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE charges SET state = $4, decline_reason = $5, settled_at = now(), lease_owner = NULL, lease_until = NULL
     WHERE id = $1 AND lease_owner = $2 AND state = $3`,
    [claimed.id, owner, claimed.state, state, declineReason],
  );
  return rowCount === 1;
}

/** Puts a claimed charge back, to be tried again after `delayMs`. */
export async function postponeCharge(
  db: Queryable,
  claimed: ClaimedCharge,
  owner: string,
  delayMs: number,
): Promise<void> {
  await db.query(
    `UPDATE charges SET state = CASE state WHEN 'settling' THEN 'queued' ELSE state END,
       due_at = now() + make_interval(secs => $3), lease_owner = NULL, lease_until = NULL
     WHERE id = $1 AND lease_owner = $2 AND state = $4`,
    [claimed.id, owner, delayMs / 1000, claimed.state],
  );
}

/** How much waits, and how long the oldest has, in seconds. */
export async function queueState(db: Queryable): Promise<{ depth: number; oldestAgeSeconds: number }> {
  const { rows } = await db.query<{ depth: string; age: number | null }>(
    `SELECT count(*) AS depth, extract(epoch FROM now() - min(created_at))::float8 AS age
     FROM charges WHERE state IN ('queued', 'settling')`,
  );
  return { depth: Number(rows[0]?.depth ?? 0), oldestAgeSeconds: Math.max(0, rows[0]?.age ?? 0) };
}

function toCharge(row: ChargeRow): Charge {
  return {
    id: row.id,
    orderId: row.order_id,
    state: row.state,
    amountMinor: row.amount_minor,
    currency: row.currency,
    declineReason: row.decline_reason,
    createdAt: row.created_at.toISOString(),
    settledAt: row.settled_at?.toISOString() ?? null,
  };
}
