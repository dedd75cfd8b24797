/** What part of the traces is kept when there is more than may be. */
export interface RatioControl {
  /** Spans that arrived. */
  arrived(spans: number): void;
  /** To be called about once in a second; returns the ratio from now on. */
  update(now: number): number;
  ratio(): number;
  /** Spans in a second, smoothed. */
  rate(): number;
}

export const leastRatio = 0.001;
/** Seconds after which a change of the rate has reached the ratio by two thirds. */
const smoothingSeconds = 3;
/** The ratio holds while it would change by less than this part, so that the requests of a trace agree. */
const tolerance = 0.1;

/** Ratio = target / rate, smoothed; 1 while the rate is below the target. */
export function createRatioControl(keepPerSecond: number, startedAt: number): RatioControl {
  let ratio = 1;
  let rate = 0;
  let arrivals = 0;
  let updatedAt = startedAt;

  return {
    arrived(spans) {
      arrivals += spans;
    },
    update(now) {
      const seconds = (now - updatedAt) / 1_000;
      if (seconds <= 0) return ratio;
      rate += (arrivals / seconds - rate) * (1 - Math.exp(-seconds / smoothingSeconds));
      arrivals = 0;
      updatedAt = now;
      const wanted = Math.max(leastRatio, Math.min(1, keepPerSecond / Math.max(rate, Number.MIN_VALUE)));
      const settled = ratio === 1 ? wanted > 1 - tolerance : Math.abs(wanted - ratio) < tolerance * ratio && wanted < 1;
      if (!settled) ratio = wanted;
      return ratio;
    },
    ratio: () => ratio,
    rate: () => rate,
  };
}

const span48 = 2 ** 48;

/**
 * Whether a trace is kept at a ratio: OpenTelemetry's consistent probability sampling, where the rightmost 7 bytes of
 * the trace id are the random value, of which the 6 highest are compared. What a lower ratio keeps a higher one keeps.
 */
export function keepsTrace(traceId: Uint8Array, ratio: number): boolean {
  const random =
    (traceId[9] ?? 0) * 2 ** 40 +
    (traceId[10] ?? 0) * 2 ** 32 +
    (traceId[11] ?? 0) * 2 ** 24 +
    (traceId[12] ?? 0) * 2 ** 16 +
    (traceId[13] ?? 0) * 2 ** 8 +
    (traceId[14] ?? 0);
  return random >= Math.round((1 - ratio) * span48);
}
