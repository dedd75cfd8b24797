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
const mantissas = { fine: [1, 2, 5], middle: [1, 3], coarse: [1] };
const powers = Array.from({ length: 25 }, (_, i) => i - 12);

function ladder(steps: readonly number[], isTime: boolean): number[] {
  const plain = powers.flatMap((power) => steps.map((step) => Number((step * 10 ** power).toPrecision(6))));
  if (!isTime) return plain;
  const long = longTimes[steps.join()] ?? [];
  return [...plain.filter((value) => value < 10 * seconds), ...long];
}

export interface LogAxis {
  /** Round ends: `min` or below, `max` or above. */
  domain: [number, number];
  ticks: number[];
}

/** Rungs from the last that is at most `low` to the first that is at least `high`, two at least. */
function reach(rungs: readonly number[], low: number, high: number): number[] {
  const first = Math.max(
    0,
    rungs.findLastIndex((rung) => rung <= low * (1 + 1e-9)),
  );
  const reached = rungs.findIndex((rung) => rung >= high * (1 - 1e-9));
  return rungs.slice(first, Math.max(first + 1, reached === -1 ? rungs.length - 1 : reached) + 1);
}

/** A short axis has the steps 1-2-5, a longer one 1-3. */
const mostFine = 4;

/**
 * Round ticks for values from `min` to `max`, about `most` of them, in the steps 1-2-5, 1-3, 10 or a larger power of it.
 * `isTime`: they are milliseconds.
 */
export function logAxis(min: number, max: number, most: number, isTime = false): LogAxis {
  const low = min > 0 && Number.isFinite(min) ? min : 1;
  const high = Math.max(low, Number.isFinite(max) ? max : low);
  for (const [steps, limit] of [
    [mantissas.fine, Math.min(most, mostFine)],
    [mantissas.middle, most],
  ] as const) {
    const ticks = reach(ladder(steps, isTime), low, high);
    if (ticks.length <= limit) return { domain: [ticks[0] as number, ticks.at(-1) as number], ticks };
  }
  // Whole powers would leave up to nine tenths of the last one empty: the ends stand between them.
  const ends = reach(ladder(mantissas.middle, isTime), low, high);
  const domain: [number, number] = [ends[0] as number, ends.at(-1) as number];
  const all = ladder(mantissas.coarse, isTime).filter((rung) => rung >= domain[0] && rung <= domain[1]);
  const every = Math.ceil(all.length / most);
  return { domain, ticks: all.filter((_, i) => i % every === 0) };
}
