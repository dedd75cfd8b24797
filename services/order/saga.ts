import type { Attributes } from '@opentelemetry/api';
import type { OrderState } from '#contracts/order.ts';
import type { Pool } from '#kit/postgres.ts';
import type { FieldError } from '#kit/problem.ts';
import { withSpan } from '#kit/tracing.ts';
import type { OrderMetrics } from './metrics.ts';
import { type Change, noteCharge, noteChargeRequested, type OrderRow, transition } from './order-store.ts';
import type { Payments } from './payments.ts';
import { type FailureReason, isFinal } from './rules.ts';
import { refusalOf, type Stock } from './stock.ts';

export interface SagaOptions {
  readonly pool: Pool;
  readonly stock: Stock;
  readonly payments: Payments;
  readonly business: OrderMetrics;
  readonly owner: string;
  readonly chargeGiveUpMs: number;
}

/** How far one step brought an order. */
export type Step =
  | { readonly kind: 'moved'; readonly order: OrderRow; readonly errors?: readonly FieldError[] }
  /** Something outside is not done yet; look again later. */
  | { readonly kind: 'waiting' }
  /** Somebody else has taken the order over. */
  | { readonly kind: 'lost' };

/** The steps of an order. Each may be repeated after a crash at any point; a failure that may pass is thrown. */
export class Saga {
  readonly #options: SagaOptions;

  constructor(options: SagaOptions) {
    this.#options = options;
  }

  /** Does the next step of an order that this owner has claimed. */
  step(order: OrderRow): Promise<Step> {
    switch (order.state) {
      case 'pending':
        return this.#reserve(order);
      case 'reserved':
        return this.#charge(order);
      case 'charging':
        return this.#settlement(order);
      case 'paid':
        return this.#commit(order);
      case 'compensating':
        return this.#compensate(order);
      default:
        return Promise.resolve({ kind: 'lost' });
    }
  }

  #reserve(order: OrderRow): Promise<Step> {
    if (order.abandon_at && order.abandon_at.getTime() <= Date.now())
      return this.#undo(order, 'cancelled', 'abandoned');
    return this.#span('order.reserve_stock', order, async () => {
      const outcome = await this.#options.stock.reserve(order);
      if (outcome.kind === 'refused') {
        const step = await this.#move(order, 'failed', { reason: outcome.reason });
        return step.kind === 'moved' ? { ...step, errors: outcome.errors } : step;
      }
      const { items, totalMinor } = outcome.reservation;
      this.#options.business.value.observe(totalMinor);
      return this.#move(order, 'reserved', { items, totalMinor, chargeDeadlineMs: this.#options.chargeGiveUpMs });
    });
  }

  #charge(order: OrderRow): Promise<Step> {
    if (order.charge_deadline && order.charge_deadline.getTime() <= Date.now()) {
      return this.#undo(order, 'failed', 'payment_timeout');
    }
    return this.#span('order.charge', order, async () => {
      await noteChargeRequested(this.#options.pool, order.id);
      try {
        const charge = await this.#options.payments.charge(order);
        return this.#move(order, 'charging', { chargeId: charge.id });
      } catch (error) {
        if (refusalOf(error) === undefined) throw error;
        return this.#undo(order, 'failed', 'payment_refused');
      }
    });
  }

  #settlement(order: OrderRow): Promise<Step> {
    return this.#span('order.check_charge', order, async (): Promise<Step> => {
      const charge = await this.#options.payments.find(order.charge_id as string);
      switch (charge.state) {
        case 'succeeded':
          return this.#move(order, 'paid');
        case 'declined':
          return this.#undo(order, 'failed', 'payment_declined');
        case 'voiding':
        case 'cancelled':
        case 'refunded':
          return this.#undo(order, 'failed', 'payment_refused');
        default:
          if (order.charge_deadline && order.charge_deadline.getTime() <= Date.now()) {
            return this.#undo(order, 'failed', 'payment_timeout');
          }
          return { kind: 'waiting' };
      }
    });
  }

  #commit(order: OrderRow): Promise<Step> {
    return this.#span('order.commit_stock', order, async () => {
      const outcome = await this.#options.stock.commit(order);
      return outcome === 'lost' ? this.#undo(order, 'failed', 'stock_lost') : this.#move(order, 'confirmed');
    });
  }

  // The stock goes back first: it is what other customers wait for. The order ends only when no money is taken either.
  #compensate(order: OrderRow): Promise<Step> {
    return this.#span('order.compensate', order, async (): Promise<Step> => {
      const { stock, payments, pool } = this.#options;
      await stock.release(order);
      if (order.charge_requested) {
        let chargeId = order.charge_id;
        if (!chargeId) {
          // Whether payment ever got our request is not known; asking again with the same key tells, and blocks it.
          chargeId = (await payments.charge(order)).id;
          await noteCharge(pool, order.id, chargeId);
        }
        const charge = await payments.void(chargeId);
        if (charge.state === 'voiding' || charge.state === 'queued' || charge.state === 'settling')
          return { kind: 'waiting' };
      }
      return this.#move(order, order.outcome ?? 'failed');
    });
  }

  #undo(order: OrderRow, outcome: 'failed' | 'cancelled', reason: FailureReason): Promise<Step> {
    return this.#move(order, 'compensating', { outcome, reason });
  }

  async #move(order: OrderRow, to: OrderState, change: Change = {}): Promise<Step> {
    const { pool, owner, business } = this.#options;
    const moved = await transition(pool, order, owner, to, change);
    if (!moved) return { kind: 'lost' };
    business.transitions.inc({ state: to });
    if (to === 'confirmed') business.revenue.inc({ currency: moved.currency }, moved.total_minor ?? 0);
    if (isFinal(to)) {
      business.completion.observe({ state: to }, (Date.now() - moved.created_at.getTime()) / 1000);
      if (to !== 'confirmed' && moved.failure_reason) business.failures.inc({ reason: moved.failure_reason });
    }
    return { kind: 'moved', order: moved };
  }

  #span(name: string, order: OrderRow, fn: () => Promise<Step>): Promise<Step> {
    const attributes: Attributes = {
      'order.id': order.id,
      'order.state': order.state,
      'order.attempt': order.attempts,
    };
    return withSpan(name, attributes, async (span) => {
      const step = await fn();
      span.setAttribute('order.step', step.kind === 'moved' ? step.order.state : step.kind);
      return step;
    });
  }
}
