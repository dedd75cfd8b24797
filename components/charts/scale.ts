/** Maps a domain to pixels in a straight line. */
export interface Scale {
  (value: number): number;
  invert(pixel: number): number;
  domain: readonly [number, number];
}

/** A straight scale; an empty domain maps everything to the start. */
export function linearScale(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const span = domain[1] - domain[0];
  const width = range[1] - range[0];
  const scale = (value: number) => range[0] + (span === 0 ? 0 : ((value - domain[0]) / span) * width);
  scale.invert = (pixel: number) => domain[0] + (width === 0 ? 0 : ((pixel - range[0]) / width) * span);
  scale.domain = domain;
  return scale;
}

const roundSteps = [1, 2, 2.5, 5, 10];

/** The smallest round step (1, 2, 2.5 or 5 times a power of ten) that is at least `least`. */
export function roundStep(least: number): number {
  if (!(least > 0) || !Number.isFinite(least)) return 1;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = roundSteps.find((s) => s * power >= least * (1 - 1e-9)) ?? 10;
  return step * power;
}

export interface TickOptions {
  /** At most so many spaces between ticks. */
  spaces?: number;
  /** The axis reaches at least so far: an objective, or what keeps a flat line from filling the chart. */
  floor?: number;
  /** Start of the axis where it is not zero. */
  min?: number;
  /** Only whole numbers, for counts. */
  whole?: boolean;
}

/** Round ticks from zero (or below, for negative values) that reach past `max`. */
export function valueTicks(
  min: number,
  max: number,
  { spaces = 4, floor = 0, min: start, whole }: TickOptions = {},
): number[] {
  const low = start ?? Math.min(0, Number.isFinite(min) ? min : 0);
  const high = Math.max(Number.isFinite(max) ? max : 0, floor, start === undefined ? 0 : start);
  const span = high - low || 1;
  let step = roundStep(span / spaces);
  if (whole) step = Math.max(1, Math.ceil(step));
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil((low + span) / step - 1e-9));
  const ticks: number[] = [];
  for (let i = first; i <= last; i++) ticks.push(Number((i * step).toPrecision(12)));
  return ticks;
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const timeSteps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800,
  1_209_600, 2_592_000, 7_776_000, 31_536_000,
].map((s) => s * second);

export interface TimeTicks {
  /** Milliseconds. */
  values: number[];
  stepMs: number;
}

/** Ticks at round times of the zone, at most `most` of them. */
export function timeTicks(fromMs: number, toMs: number, most: number, offsetMs = 0): TimeTicks {
  const span = toMs - fromMs;
  const stepMs = timeSteps.find((s) => span / s <= Math.max(1, most)) ?? (timeSteps.at(-1) as number);
  const values: number[] = [];
  // Weeks begin on Monday: 5 January 1970.
  const origin = stepMs >= 7 * day ? 4 * day : 0;
  const first = Math.ceil((fromMs + offsetMs - origin) / stepMs) * stepMs + origin - offsetMs;
  for (let t = first; t <= toMs; t += stepMs) values.push(t);
  return { values, stepMs };
}

/** Index of the entry nearest to `at` in an ascending list; −1 when it is empty. */
export function nearestIndex(sorted: readonly number[], at: number): number {
  if (sorted.length === 0) return -1;
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  const before = sorted[low - 1];
  return before !== undefined && at - before <= (sorted[low] as number) - at ? low - 1 : low;
}
