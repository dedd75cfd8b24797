import { compileIndicator } from '#lib/slo/indicator.ts';
import type { SloDefinition } from '#lib/slo/schemas.ts';
import type { CounterSeries, Grid } from './flows.ts';
import { selects } from './selector.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** What the rules of a longer past are made of: of five minutes at each step, of an hour at each hour. */
const recorded = [
  { name: 'rate5m', windowMs: 5 * minuteMs, everyMs: null },
  { name: 'rate1h', windowMs: hourMs, everyMs: hourMs },
] as const;

/** Adds up counters as an SLO's selectors see them and gives the series that its recording rules would have written. */
export interface Tally {
  add(series: CounterSeries): void;
  recorded(): (CounterSeries & { grid: Grid })[];
}

/** Null for an SLO that is not counted by plain counters. */
export function tallyOf(definition: SloDefinition, environmentLabel: string, grid: Grid): Tally | null {
  const { atoms } = compileIndicator(definition);
  if (!atoms || definition.budgeting.method !== 'occurrences') return null;
  const counted = atoms.map((atom) => ({ ...atom, matches: selects(atom.selector) }));
  const sums = {
    good: new Float64Array(grid.steps),
    bad: new Float64Array(grid.steps),
    total: new Float64Array(grid.steps),
  };
  const labels = { slo: definition.name, service: definition.service, [environmentLabel]: definition.environment };
  const badIsGiven = counted.some(({ role }) => role === 'bad');
  return {
    add: ({ name, labels: own, firstStep, values }) => {
      for (const { role, sign, matches } of counted) {
        if (!matches({ __name__: name, ...own })) continue;
        for (let index = 0; index < values.length; index++) {
          const grown = (values[index] as number) - (values[index - 1] ?? 0);
          sums[role][firstStep + index] = (sums[role][firstStep + index] as number) + sign * grown;
        }
      }
    },
    recorded: () => {
      const bad = badIsGiven ? sums.bad : sums.total.map((total, step) => total - (sums.good[step] as number));
      return recorded.flatMap(({ name, windowMs, everyMs }) => [
        rates(`slo:sli_bad:${name}`, labels, bad, grid, windowMs, everyMs ?? grid.stepMs),
        rates(`slo:sli_total:${name}`, labels, sums.total, grid, windowMs, everyMs ?? grid.stepMs),
      ]);
    },
  };
}

/** Events per second over the window before each instant of a coarser grid, whose instants are multiples of its step. */
function rates(
  name: string,
  labels: Record<string, string>,
  grown: Float64Array,
  grid: Grid,
  windowMs: number,
  everyMs: number,
): CounterSeries & { grid: Grid } {
  const untilMs = grid.fromMs + (grid.steps - 1) * grid.stepMs;
  const fromMs = Math.ceil((grid.fromMs + windowMs) / everyMs) * everyMs;
  const coarse = { fromMs, stepMs: everyMs, steps: Math.floor((untilMs - fromMs) / everyMs) + 1 };
  const values = Float64Array.from({ length: coarse.steps }, (_, index) => {
    const last = Math.round((fromMs + index * everyMs - grid.fromMs) / grid.stepMs);
    let sum = 0;
    for (let step = last; step > last - windowMs / grid.stepMs; step--) sum += grown[step] ?? 0;
    return sum / (windowMs / 1_000);
  });
  return { name, labels, firstStep: 0, values, grid: coarse };
}
