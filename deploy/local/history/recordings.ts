import { compileIndicator } from '#lib/slo/indicator.ts';
import type { SloDefinition } from '#lib/slo/schemas.ts';
import type { CounterSeries, Grid } from './flows.ts';
import { selects } from './selector.ts';

const rateWindowMs = 300_000;
/** As far back as the longest burn-rate alert looks: recordings there stand as closely as the live ones. */
const closeMs = 3 * 86_400_000 + rateWindowMs;

/** Adds up counters as an SLO's selectors see them and gives the series that its recording rules would have written. */
export interface Tally {
  add(series: CounterSeries): void;
  recorded(recordedEveryMs: number): (CounterSeries & { grid: Grid })[];
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
    recorded: (recordedEveryMs) => {
      const bad = badIsGiven ? sums.bad : sums.total.map((total, step) => total - (sums.good[step] as number));
      return [
        ...rates('slo:sli_bad:rate5m', labels, bad, grid, recordedEveryMs),
        ...rates('slo:sli_total:rate5m', labels, sums.total, grid, recordedEveryMs),
      ];
    },
  };
}

function rates(name: string, labels: Record<string, string>, grown: Float64Array, grid: Grid, everyMs: number) {
  const perWindow = rateWindowMs / grid.stepMs;
  const rateAt = (step: number) => {
    let sum = 0;
    for (let back = 0; back < perWindow; back++) sum += grown[step - back] ?? 0;
    return sum / (rateWindowMs / 1_000);
  };
  const untilMs = grid.fromMs + (grid.steps - 1) * grid.stepMs;
  const closeFromMs = Math.max(grid.fromMs, untilMs - closeMs);
  const coarseSteps = Math.floor((closeFromMs - grid.fromMs) / grid.stepMs);
  const close = { fromMs: grid.fromMs + coarseSteps * grid.stepMs, stepMs: everyMs, steps: 0 };
  close.steps = Math.floor((untilMs - close.fromMs) / everyMs) + 1;
  const coarse = Float64Array.from({ length: coarseSteps }, (_, step) => rateAt(step));
  const fine = Float64Array.from({ length: close.steps }, (_, step) =>
    rateAt(Math.floor((close.fromMs + step * everyMs - grid.fromMs) / grid.stepMs)),
  );
  return [
    { name, labels, firstStep: 0, values: coarse, grid },
    { name, labels, firstStep: 0, values: fine, grid: close },
  ];
}
