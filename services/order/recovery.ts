import { backoffMs } from '#kit/client/retry-budget.ts';
import { runWithRequest } from '#kit/context.ts';
import type { Logger } from '#kit/log.ts';
import type { Pool } from '#kit/postgres.ts';
import { type Repeating, repeat } from '#kit/repeat.ts';
import { withSpan } from '#kit/tracing.ts';
import { claimDueOrders, type OrderRow, putBack } from './order-store.ts';
import { isFinal, pollDelayMs } from './rules.ts';
import type { Saga } from './saga.ts';

export interface RecoveryOptions {
  readonly pool: Pool;
  readonly saga: Saga;
  readonly log: Logger;
  readonly owner: string;
  readonly leaseMs: number;
  readonly pollMs: number;
}

const BATCH = 20;

/**
 * Brings unfinished orders on: those whose charge is being settled, those whose last step failed, and those over which
 * a process died. Runs at once when the service starts, and in every replica.
 */
export function startRecovery(options: RecoveryOptions): Repeating {
  const { pool, owner, leaseMs, log } = options;
  return repeat('the recovery of orders', options.pollMs, log, async () => {
    const due = await claimDueOrders(pool, owner, BATCH, leaseMs);
    await Promise.all(due.map((order) => resume(options, order)));
    return due.length === BATCH;
  });
}

function resume(options: RecoveryOptions, order: OrderRow): Promise<void> {
  const run = () =>
    withSpan(
      'order.resume',
      { 'order.id': order.id, 'order.state': order.state },
      () => advance(options, order),
      order.traceparent,
    );
  return order.correlation_id ? runWithRequest({ correlationId: order.correlation_id }, run) : run();
}

/** Steps until the order is final, waits for something outside, or fails in a way that may pass. */
async function advance({ pool, saga, owner, log }: RecoveryOptions, claimed: OrderRow): Promise<void> {
  let order = claimed;
  try {
    for (;;) {
      const step = await saga.step(order);
      if (step.kind === 'lost') return;
      if (step.kind === 'waiting') return await putBack(pool, order.id, owner, pollDelayMs(order.attempts));
      order = step.order;
      if (isFinal(order.state)) {
        log.info({ orderId: order.id, state: order.state, reason: order.failure_reason }, `order ${order.state}`);
        return;
      }
    }
  } catch (error) {
    log.warn({ err: error, orderId: order.id, state: order.state }, 'a step of an order failed, it is tried again');
    await putBack(pool, order.id, owner, backoffMs(order.attempts + 1, 500, 10_000) + 100);
  }
}
