import type { OrderState } from '#contracts/order.ts';

const NEXT: Readonly<Record<OrderState, readonly OrderState[]>> = {
  pending: ['reserved', 'failed', 'compensating'],
  reserved: ['charging', 'compensating'],
  charging: ['paid', 'compensating'],
  paid: ['confirmed', 'compensating'],
  compensating: ['failed', 'cancelled'],
  confirmed: [],
  failed: [],
  cancelled: [],
};

export const FINAL_STATES: readonly OrderState[] = ['confirmed', 'failed', 'cancelled'];

/** States in which a customer may still call an order off; after `paid` its stock may already have been handed over. */
export const CANCELLABLE_STATES: readonly OrderState[] = ['pending', 'reserved', 'charging'];

export function mayBecome(from: OrderState, to: OrderState): boolean {
  return NEXT[from].includes(to);
}

export function isFinal(state: OrderState): boolean {
  return FINAL_STATES.includes(state);
}

/** Milliseconds until a charge that is not settled yet is asked for again; `asked` counts from 0. */
export function pollDelayMs(asked: number): number {
  return Math.min(3_000, Math.round(250 * 1.5 ** Math.min(asked, 20)));
}

/** Why an order was not completed. */
export const FAILURE_REASONS = [
  'out_of_stock',
  'unknown_product',
  'stock_lost',
  'payment_declined',
  'payment_refused',
  'payment_timeout',
  'abandoned',
  'cancelled_by_customer',
] as const;
export type FailureReason = (typeof FAILURE_REASONS)[number];
