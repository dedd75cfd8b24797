import { backoffMs } from '#kit/client/retry-budget.ts';
import { runWithRequest } from '#kit/context.ts';
import type { Logger } from '#kit/log.ts';
import type { Pool } from '#kit/postgres.ts';
import { type Repeating, repeat } from '#kit/repeat.ts';
import { withSpan } from '#kit/tracing.ts';
import { type ClaimedCharge, claimCharges, finishCharge, postponeCharge } from './charge-store.ts';
import type { PaymentMetrics } from './metrics.ts';
import type { Provider } from './provider.ts';

export interface SettlerOptions {
  readonly pool: Pool;
  readonly provider: Provider;
  readonly business: PaymentMetrics;
  readonly log: Logger;
  /** Names this worker in leases; different in each process. */
  readonly owner: string;
  readonly concurrency: number;
  readonly pollMs: number;
  readonly leaseMs: number;
  /** Whether the queue stands still at the moment. */
  readonly stalled: () => boolean;
}

/** Settles queued charges. A worker that dies leaves its lease to run out, and the provider books each key once. */
export function startSettler(options: SettlerOptions): Repeating {
  const { pool, owner, concurrency, leaseMs, log } = options;
  return repeat('the settlement of charges', options.pollMs, log, async () => {
    if (options.stalled()) return false;
    const claimed = await claimCharges(pool, owner, concurrency, leaseMs);
    await Promise.all(claimed.map((charge) => settle(options, charge)));
    return claimed.length === concurrency;
  });
}

function settle(options: SettlerOptions, charge: ClaimedCharge): Promise<void> {
  const { business, pool, owner, log } = options;
  const operation = charge.state === 'voiding' ? 'void' : 'capture';
  const attributes = {
    'charge.id': charge.id,
    'order.id': charge.order_id,
    'charge.attempt': charge.attempts,
    'payment.method': charge.payment_method,
  };
  const run = () =>
    withSpan(
      `payment.${operation}`,
      attributes,
      async (span) => {
        try {
          const { state, reason } = await ask(options.provider, charge);
          business.provider.inc({ operation, result: 'ok' });
          span.setAttribute('charge.state', state);
          if (await finishCharge(pool, charge, owner, state, reason)) count(business, charge, state);
        } catch (error) {
          business.provider.inc({ operation, result: 'error' });
          span.recordException(error as Error);
          const delayMs = backoffMs(charge.attempts, 500, 30_000);
          log.warn(
            { err: error, chargeId: charge.id, attempt: charge.attempts },
            'a charge was not settled, it is tried again',
          );
          await postponeCharge(pool, charge, owner, delayMs);
        }
      },
      charge.traceparent,
    );
  return charge.correlation_id ? runWithRequest({ correlationId: charge.correlation_id }, run) : run();
}

type FinalState = 'succeeded' | 'declined' | 'cancelled' | 'refunded';

async function ask(provider: Provider, charge: ClaimedCharge): Promise<{ state: FinalState; reason: string | null }> {
  const payment = {
    key: charge.id,
    amountMinor: charge.amount_minor,
    currency: charge.currency,
    paymentMethod: charge.payment_method,
  };
  if (charge.state === 'voiding') {
    return { state: (await provider.void(payment)) === 'refunded' ? 'refunded' : 'cancelled', reason: null };
  }
  const outcome = await provider.capture(payment);
  if (outcome.kind === 'captured') return { state: 'succeeded', reason: null };
  if (outcome.kind === 'declined') return { state: 'declined', reason: outcome.reason };
  return { state: 'cancelled', reason: null };
}

function count(business: PaymentMetrics, charge: ClaimedCharge, state: FinalState): void {
  business.charges.inc({ result: state });
  if (state === 'succeeded') business.amount.inc({ currency: charge.currency }, charge.amount_minor);
  if (charge.state === 'settling') business.settlement.observe((Date.now() - charge.created_at.getTime()) / 1000);
}
