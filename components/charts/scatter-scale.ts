import type { Scale } from './scale.ts';

/** A logarithmic scale; what is not above zero maps to the start. An empty domain maps everything to the start. */
export function logScale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [low, high] = [Math.log10(domain[0]), Math.log10(domain[1])];
  const span = high - low;
  const width = range[1] - range[0];
  const scale = (value: number) =>
    range[0] + (span === 0 || !(value > 0) ? 0 : ((Math.log10(value) - low) / span) * width);
  scale.invert = (pixel: number) => 10 ** (low + (width === 0 ? 0 : ((pixel - range[0]) / width) * span));
  scale.domain = domain;
  return scale;
}

/** Past ten seconds round times are not powers of ten. In milliseconds. */
const seconds = 1000;
const minutes = 60 * seconds;
const hours = 60 * minutes;
const longTimes: Record<string, readonly number[]> = {
  '1,2,5': [10, 20, 60, 120, 300, 600, 1200, 3600, 7200, 18_000, 36_000, 86_400].map((s) => s * seconds),
  '1,3': [10, 30, 100, 300, 1800, 7200, 36_000, 86_400].map((s) => s * seconds),
  '1': [10 * seconds, 2 * minutes, 20 * minutes, 3 * hours, 24 * hours],
};
const mantissas = [[1, 2, 5], [1, 3], [1]];
const powers = Array.from({ length: 25 }, (_, i) => i - 12);

function ladder(steps: readonly number[], isTime: boolean): number[] {
  const plain = powers.flatMap((power) => steps.map((step) => Number((step * 10 ** power).toPrecision(6))));
  if (!isTime) return plain;
  const long = longTimes[steps.join()] ?? [];
  return [...plain.filter((value) => value < 10 * seconds), ...long];
}

/**
 * Round ticks that reach from `min` or below to `max` or above, in the finest of the steps 1-2-5, 1-3 and 10 that needs
 * at most `most` of them. Both ends are above zero; `isTime`: they are milliseconds.
 */
export function logTicks(min: number, max: number, most: number, isTime = false): number[] {
  const low = min > 0 && Number.isFinite(min) ? min : 1;
  const high = Math.max(low, Number.isFinite(max) ? max : low);
  let ticks: number[] = [];
  for (const steps of mantissas) {
    const rungs = ladder(steps, isTime);
    const first = Math.max(
      0,
      rungs.findLastIndex((rung) => rung <= low * (1 + 1e-9)),
    );
    const reached = rungs.findIndex((rung) => rung >= high * (1 - 1e-9));
    const last = Math.max(first + 1, reached === -1 ? rungs.length - 1 : reached);
    ticks = rungs.slice(first, last + 1);
    if (ticks.length <= most) return ticks;
  }
  const every = Math.ceil((ticks.length - 1) / Math.max(1, most - 1));
  const last = ticks.at(-1) as number;
  const thin = ticks.filter((_, i) => i % every === 0);
  return thin.at(-1) === last ? thin : [...thin, last];
}
