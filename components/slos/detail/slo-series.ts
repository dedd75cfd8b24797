import type { Forecast, SloHistory, WindowFigures } from '#lib/slo/schemas.ts';
import { roundStep } from '../../charts/scale.ts';

type Values = readonly (number | null)[];

interface Grid {
  from: string;
  to: string;
  stepMs: number;
}

/** The beginning of each step of a grid, in milliseconds. */
export function gridTimes({ from, to, stepMs }: Grid, count?: number): number[] {
  const fromMs = Date.parse(from);
  const steps = count ?? Math.max(0, Math.round((Date.parse(to) - fromMs) / stepMs));
  return Array.from({ length: steps }, (_, i) => fromMs + i * stepMs);
}

export const hasValues = (values: Values): boolean => values.some((value) => value !== null);
export const sumOf = (values: Values): number => values.reduce<number>((sum, value) => sum + (value ?? 0), 0);

/** The newest value that there is; null where there is none. */
export function lastOf(values: Values): number | null {
  return values.findLast((value) => value !== null && value !== undefined) ?? null;
}

export interface BurnDown {
  times: number[];
  /** Budget left at each time; 1 at the beginning, what the figures say at the end. */
  left: (number | null)[];
  /** The straight line from all to none over the window. */
  ideal: number[];
}

/**
 * The budget of one window as it was spent: each step takes `bad / allowedBad` of it. Where the figures count more or
 * fewer failures than the steps (unknown time counts as bad), the steps are scaled to them, so that the end agrees.
 * null without events.
 */
export function burnDownOf(
  { grid, bad }: Pick<SloHistory, 'grid' | 'bad'>,
  figures: Pick<WindowFigures, 'from' | 'until' | 'endsAt' | 'bad' | 'allowedBad' | 'budgetLeft'>,
): BurnDown | null {
  if (figures.budgetLeft === null || figures.allowedBad <= 0) return null;
  const known = sumOf(bad);
  const perFailure = (known > 0 ? figures.bad / known : 1) / figures.allowedBad;
  const fromMs = Date.parse(grid.from);
  const untilMs = Date.parse(figures.until);
  const times = [fromMs];
  const left: (number | null)[] = [1];
  let spent = 0;
  for (let i = 0; i < bad.length; i++) {
    const startMs = fromMs + i * grid.stepMs;
    if (startMs >= untilMs) break;
    spent += (bad[i] ?? 0) * perFailure;
    times.push(Math.min(startMs + grid.stepMs, Math.max(untilMs, startMs + 1)));
    left.push(1 - spent);
  }
  const endsMs = Date.parse(figures.endsAt);
  if (endsMs > (times.at(-1) as number)) {
    times.push(endsMs);
    left.push(null);
  }
  const span = Math.max(1, endsMs - fromMs);
  return { times, left, ideal: times.map((at) => Math.max(0, 1 - (at - fromMs) / span)) };
}

/** Where the axis of shares near all begins: a round share below what was measured, far enough below the objective. */
export function sliFloor(sli: Values, target: number): number {
  const lowest = sli.reduce<number>((low, value) => (value === null ? low : Math.min(low, value)), 1);
  const least = Math.min(lowest, 1 - 2 * (1 - target));
  const step = roundStep((1 - least) / 4);
  return Math.max(0, Number((1 - Math.ceil((1 - least) / step - 1e-9) * step).toPrecision(12)));
}

/** When a line of a forecast first is at or below a level, in milliseconds, between its points; null: never. */
export function crossingOf({ grid }: Pick<Forecast, 'grid'>, line: readonly number[], level: number): number | null {
  const fromMs = Date.parse(grid.from);
  for (let i = 0; i < line.length; i++) {
    const value = line[i] as number;
    if (value > level) continue;
    if (i === 0) return fromMs;
    const before = line[i - 1] as number;
    return fromMs + (i - 1 + (before - level) / (before - value)) * grid.stepMs;
  }
  return null;
}

/** Steps in which not all is known, as `[from, to)` in milliseconds, those that meet made one. */
export function gapsOf({ grid, coverage }: Pick<SloHistory, 'grid' | 'coverage'>, below = 0.999): [number, number][] {
  const gaps: [number, number][] = [];
  gridTimes(grid, coverage.length).forEach((at, i) => {
    const value = coverage[i];
    if (value === null || value === undefined || value >= below) return;
    const last = gaps.at(-1);
    if (last && last[1] === at) last[1] = at + grid.stepMs;
    else gaps.push([at, at + grid.stepMs]);
  });
  return gaps;
}
