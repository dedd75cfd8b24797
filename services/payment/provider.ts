import type { Queryable } from '#kit/postgres.ts';

export interface Capture {
  /** Names the payment at the provider: asked twice with it, the provider books once. */
  readonly key: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly paymentMethod: string;
}

export type CaptureOutcome =
  | { readonly kind: 'captured' }
  | { readonly kind: 'declined'; readonly reason: string }
  | { readonly kind: 'voided' };

/** The card processor. Both calls may be repeated; both may fail after having had their effect, as real ones do. */
export interface Provider {
  capture(capture: Capture): Promise<CaptureOutcome>;
  /** Makes sure that nothing stays taken, and that a late capture takes nothing. */
  void(capture: Capture): Promise<'voided' | 'refunded'>;
}

export interface ProviderBehaviour {
  readonly latencyMs: number;
  readonly errorRatio: number;
  readonly declineRatio: number;
}

export class ProviderError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ProviderError';
  }
}

const ALWAYS_DECLINED: Readonly<Record<string, string>> = {
  pm_declined: 'do_not_honor',
  pm_insufficient_funds: 'insufficient_funds',
  pm_expired: 'expired_card',
};

/**
 * A processor whose books are a table. It takes `latencyMs` on average, fails in `errorRatio` of the calls (half of
 * those only after it has booked), and declines `declineRatio` of the captures.
 */
export function simulatedProvider(
  db: Queryable,
  behaviour: () => ProviderBehaviour,
  random: () => number = Math.random,
): Provider {
  const around = async <T>(work: () => Promise<T>): Promise<T> => {
    const { latencyMs, errorRatio } = behaviour();
    await new Promise((resolve) => setTimeout(resolve, latencyMs * (0.5 + random())));
    const fails = random() < errorRatio;
    if (fails && random() < 0.5) throw new ProviderError('the provider refused the connection');
    const result = await work();
    if (fails) throw new ProviderError('the provider broke off before its answer');
    return result;
  };

  return {
    capture: (capture) =>
      around(async () => {
        const reason =
          ALWAYS_DECLINED[capture.paymentMethod] ?? (random() < behaviour().declineRatio ? 'do_not_honor' : null);
        await db.query(
          `INSERT INTO provider_ledger (provider_key, amount_minor, currency, outcome, decline_reason, captures)
           VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (provider_key) DO NOTHING`,
          [
            capture.key,
            capture.amountMinor,
            capture.currency,
            reason ? 'declined' : 'captured',
            reason,
            reason ? 0 : 1,
          ],
        );
        const { rows } = await db.query<{ outcome: string; decline_reason: string | null }>(
          'SELECT outcome, decline_reason FROM provider_ledger WHERE provider_key = $1',
          [capture.key],
        );
        return outcomeOf(rows[0]);
      }),
    void: (capture) =>
      around(async () => {
        const { rows } = await db.query<{ outcome: string }>(
          `INSERT INTO provider_ledger AS booked (provider_key, amount_minor, currency, outcome) VALUES ($1, $2, $3, 'voided')
           ON CONFLICT (provider_key) DO UPDATE
             SET outcome = CASE booked.outcome WHEN 'captured' THEN 'refunded' WHEN 'declined' THEN 'voided' ELSE booked.outcome END
           RETURNING outcome`,
          [capture.key, capture.amountMinor, capture.currency],
        );
        return rows[0]?.outcome === 'refunded' ? 'refunded' : 'voided';
      }),
  };
}

function outcomeOf(row: { outcome: string; decline_reason: string | null } | undefined): CaptureOutcome {
  if (row?.outcome === 'captured') return { kind: 'captured' };
  if (row?.outcome === 'declined') return { kind: 'declined', reason: row.decline_reason ?? 'do_not_honor' };
  return { kind: 'voided' };
}
