const dayMs = 86_400_000;

/** Numbers from 0 to 1 that look random and are the same at each call with the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** How busy a shop is at an instant: busiest in the afternoon, calmer at weekends, never even. */
function busyness(atMs: number): number {
  const day = (atMs % dayMs) / dayMs;
  const daily = 1 + 0.42 * Math.sin(2 * Math.PI * (day - 0.35));
  const weekday = new Date(atMs).getUTCDay();
  const weekly = weekday === 0 || weekday === 6 ? 0.78 : 1;
  const minutes = atMs / 60_000;
  const uneven = 1 + 0.05 * Math.sin(minutes / 17) + 0.04 * Math.sin(minutes / 7.3) + 0.03 * Math.sin(minutes / 41);
  return daily * weekly * uneven;
}

/** Traffic at an instant as a multiple of that at `untilMs`, so that what is live afterwards goes on without a jump. */
export function rhythm(untilMs: number): (atMs: number) => number {
  const atEnd = busyness(untilMs);
  return (atMs) => busyness(atMs) / atEnd;
}

/** Share of a log-normal distribution below `x`; the error function is Abramowitz and Stegun's 7.1.26. */
export function logNormalShare(x: number, median: number, sigma: number): number {
  if (!Number.isFinite(x)) return 1;
  const z = Math.log(x / median) / (sigma * Math.SQRT2);
  const t = 1 / (1 + 0.327_591_1 * Math.abs(z));
  const poly =
    t * (0.254_829_592 + t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
  const erf = 1 - poly * Math.exp(-z * z);
  return z >= 0 ? 0.5 * (1 + erf) : 0.5 * (1 - erf);
}
