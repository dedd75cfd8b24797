import type { Series } from '#components/charts/types.ts';
import { gridTimesMs } from '#lib/telemetry/rules.ts';
import type { ExploreRange, SampleValue } from '#lib/telemetry/schemas.ts';
import type { QueryUnit } from './explore-url.ts';
import { seriesNames } from './series-names.ts';

/** More lines than this on one chart are a grey mass: the largest are drawn, the table has all. */
export const mostDrawn = 100;

export interface AnsweredRange {
  /** A, B, C. */
  name: string;
  expr: string;
  unit: QueryUnit;
  answer: ExploreRange;
}

export interface UnitChart {
  unit: QueryUnit;
  /** The queries that are drawn in it. */
  names: string[];
  times: number[];
  series: Series[];
  /** How many series there were before the largest were chosen. */
  found: number;
}

/** A sample as charts draw it: what is no finite number is a gap. */
export function drawable(value: SampleValue | null): number | null {
  return typeof value === 'number' ? value : null;
}

function largest(values: readonly (number | null)[]): number {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) if (value !== null && Math.abs(value) > most) most = Math.abs(value);
  return most;
}

/**
 * One chart for each unit, in the order in which the queries stand: figures of different units have no common axis.
 * Queries that were asked at different moments share the instants of all.
 */
export function chartsOf(ranges: readonly AnsweredRange[], most = mostDrawn): UnitChart[] {
  return [...new Set(ranges.map(({ unit }) => unit))].map((unit) => {
    const mine = ranges.filter((range) => range.unit === unit);
    const times = [...new Set(mine.flatMap(({ answer }) => gridTimesMs(answer.grid)))].sort((a, b) => a - b);
    const place = new Map(times.map((time, i) => [time, i]));
    const all = mine.flatMap(({ name, expr, answer }) => {
      const names = seriesNames(
        answer.series.map(({ labels }) => labels),
        expr.replace(/\s+/g, ' ').trim(),
      );
      const grid = gridTimesMs(answer.grid);
      return answer.series.map(({ values }, i): Series => {
        const placed: (number | null)[] = new Array(times.length).fill(null);
        grid.forEach((time, k) => {
          placed[place.get(time) as number] = drawable(values[k] ?? null);
        });
        const label = names[i] as string;
        return { key: `${name}${i}`, label: ranges.length > 1 ? `${name} ${label}` : label, values: placed };
      });
    });
    const series =
      all.length <= most
        ? all
        : all
            .map((one) => ({ one, size: largest(one.values) }))
            .sort((a, b) => b.size - a.size)
            .slice(0, most)
            .map(({ one }) => one);
    return { unit, names: mine.map(({ name }) => name), times, series, found: all.length };
  });
}
