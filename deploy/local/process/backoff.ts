/** How long to wait before a process that died is started again. */
export type BackoffPolicy = { firstMs: number; factor: number; longestMs: number; stableMs: number; loopAfter: number };

export const defaultBackoff: BackoffPolicy = {
  firstMs: 500,
  factor: 2,
  longestMs: 30_000,
  stableMs: 60_000,
  loopAfter: 5,
};

export type BackoffState = { failures: number };

/**
 * The state after one more death and the wait before the next start. A process that had run for `stableMs` starts its
 * series of failures afresh; from `loopAfter` failures in a row on it counts as a crash loop.
 */
export function nextBackoff(
  state: BackoffState,
  ranMs: number,
  policy: BackoffPolicy = defaultBackoff,
): { state: BackoffState; waitMs: number; crashLoop: boolean } {
  const failures = (ranMs >= policy.stableMs ? 0 : state.failures) + 1;
  const waitMs = Math.min(policy.longestMs, policy.firstMs * policy.factor ** (failures - 1));
  return { state: { failures }, waitMs, crashLoop: failures >= policy.loopAfter };
}
