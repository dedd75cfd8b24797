/**
 * Bounds retries to a share of the calls, so that a struggling service is not buried under them.
 * As in gRPC's retry throttling and Finagle's budget: each call deposits `share`, each retry takes one away.
 */
export class RetryBudget {
  readonly #share: number;
  readonly #max: number;
  #tokens: number;

  /** `share` of retries per call (0.2 allows 20 %), with a reserve of at most `max` retries. */
  constructor(share = 0.2, max = 10) {
    this.#share = share;
    this.#max = max;
    this.#tokens = max;
  }

  get tokens(): number {
    return this.#tokens;
  }

  deposit(): void {
    this.#tokens = Math.min(this.#max, this.#tokens + this.#share);
  }

  /** Whether one more retry is within the budget; takes it when it is. */
  withdraw(): boolean {
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}

/** Full jitter: anything from 0 to the exponential bound, in milliseconds; `attempt` counts from 1. */
export function backoffMs(attempt: number, baseMs: number, maxMs: number, random: () => number = Math.random): number {
  return random() * Math.min(maxMs, baseMs * 2 ** (attempt - 1));
}
