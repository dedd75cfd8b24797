import type { Forecast, SloHistory } from '#lib/slo/schemas.ts';
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

/** Why a time has no events: nothing was asked though it was measured, or nothing was measured. */
export const quietKind = ({ coverage }: Pick<SloHistory, 'coverage'>): 'noTraffic' | 'noData' =>
  coverage.some((value) => value !== null && value > 0) ? 'noTraffic' : 'noData';

export interface BudgetLine {
  times: number[];
  left: (number | null)[];
  /** The straight line from all to none; null where the window has no beginning of its own. */
  ideal: (number | null)[] | null;
}

/**
 * Budget left at the end of each step; over one window it begins with all of it. Beyond the last bucket it is open, so
 * that the ideal line of a calendar window goes on to its end. null without events.
 */
export function budgetLineOf(
  { grid, budgetLeft, ideal }: Pick<SloHistory, 'grid' | 'budgetLeft' | 'ideal'>,
  isWindow: boolean,
): BudgetLine | null {
  if (!hasValues(budgetLeft)) return null;
  const ends = gridTimes(grid, budgetLeft.length).map((at) => at + grid.stepMs);
  const straight = hasValues(ideal) ? ideal : null;
  if (!isWindow) return { times: ends, left: [...budgetLeft], ideal: straight && [...straight] };
  return {
    times: [Date.parse(grid.from), ...ends],
    left: [1, ...budgetLeft],
    ideal: straight && [1, ...straight],
  };
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
