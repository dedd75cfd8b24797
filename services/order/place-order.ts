import { randomUUID } from 'node:crypto';
import type { OrderRequest } from '#contracts/order.ts';
import { UpstreamError, upstreamProblem } from '#kit/client/errors.ts';
import type { Logger } from '#kit/log.ts';
import type { Pool } from '#kit/postgres.ts';
import { type FieldError, invalidFields, Problem } from '#kit/problem.ts';
import { currentTraceparent, withSpan } from '#kit/tracing.ts';
import type { OrderMetrics } from './metrics.ts';
import { awaitRetry, claimOrder, hashOf, insertOrder, type OrderRow, putBack } from './order-store.ts';
import { pollDelayMs } from './rules.ts';
import type { Saga } from './saga.ts';

export interface PlaceOrderOptions {
  readonly pool: Pool;
  readonly saga: Saga;
  readonly business: OrderMetrics;
  readonly log: Logger;
  readonly owner: string;
  readonly leaseMs: number;
  readonly abandonMs: number;
}

export interface PlaceOrderInput {
  readonly client: string;
  readonly idempotencyKey: string;
  readonly request: OrderRequest;
  readonly correlationId: string;
}

export interface PlacedOrder {
  readonly order: OrderRow;
  readonly replayed: boolean;
}

/**
 * Takes an order: reserves its stock and hands its charge to payment; settlement is awaited in the background.
 * The same key leads to the same order. 409 when the stock is short, 400 for unknown products, 422 when the key was
 * used for another order, 503 or 504 when the stock cannot be reserved now: the same key may then be tried again.
 */
export function placeOrder(options: PlaceOrderOptions, input: PlaceOrderInput): Promise<PlacedOrder> {
  return withSpan('order.place', { 'order.items': input.request.items.length }, async (span) => {
    const { pool, owner, leaseMs, business } = options;
    const { order, created } = await insertOrder(pool, {
      ...input,
      id: randomUUID(),
      owner,
      leaseMs,
      traceparent: currentTraceparent(),
    });
    span.setAttributes({ 'order.id': order.id, 'order.replayed': !created });
    if (created) {
      business.transitions.inc({ state: 'pending' });
      return { order: await drive(options, order), replayed: false };
    }
    if (order.request_hash !== hashOf(input.request)) {
      throw new Problem(422, 'order.key_reused', 'This Idempotency-Key was used for another order.');
    }
    return { order: await replay(options, order), replayed: true };
  });
}

async function replay(options: PlaceOrderOptions, order: OrderRow): Promise<OrderRow> {
  if (order.state === 'failed') refuse(order, []);
  if (order.state !== 'pending') return order;
  const claimed = await claimOrder(options.pool, order.id, options.owner, options.leaseMs);
  if (claimed?.state === 'pending') return drive(options, claimed);
  throw new Problem(409, 'order.in_progress', 'An order with this Idempotency-Key is being placed right now.', {
    headers: { 'retry-after': '1' },
    extra: { orderId: order.id },
  });
}

async function drive(options: PlaceOrderOptions, claimed: OrderRow): Promise<OrderRow> {
  const { pool, saga, owner, log } = options;
  let order = claimed;
  try {
    while (order.state === 'pending' || order.state === 'reserved') {
      const step = await saga.step(order);
      if (step.kind !== 'moved') break;
      order = step.order;
      if (order.state === 'failed') refuse(order, step.errors ?? []);
    }
  } catch (error) {
    if (error instanceof Problem) throw error;
    log.warn({ err: error, orderId: order.id, state: order.state }, 'a step of an order failed');
    if (order.state !== 'pending') {
      await putBack(pool, order.id, owner, 500);
      return order;
    }
    await awaitRetry(pool, order.id, owner, options.abandonMs);
    throw notNow(error, order);
  }
  await putBack(pool, order.id, owner, pollDelayMs(0));
  return order;
}

function notNow(error: unknown, order: OrderRow): unknown {
  if (!(error instanceof UpstreamError)) return error;
  const problem = upstreamProblem(error);
  return new Problem(problem.status, problem.code, problem.message, {
    errors: problem.errors,
    headers: problem.headers,
    extra: { orderId: order.id },
    cause: error,
  });
}

function refuse(order: OrderRow, errors: readonly FieldError[]): never {
  if (order.failure_reason === 'unknown_product') {
    throw invalidFields(
      errors.length > 0 ? errors : [{ path: 'items', code: 'unknown_product', message: 'names an unknown product' }],
    );
  }
  const reason = order.failure_reason ?? 'failed';
  const detail =
    reason === 'out_of_stock' ? 'There is not enough in stock for this order.' : `The order failed: ${reason}.`;
  throw new Problem(409, `order.${reason}`, detail, { errors, extra: { orderId: order.id } });
}
