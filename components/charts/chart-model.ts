import type { Zone } from '../ui/format-time.ts';
import type { Hidden } from './legend-state.ts';
import { stack } from './paths.ts';
import { linearScale, type Scale, valueTicks } from './scale.ts';
import { tickTextByDay, zoneTicks } from './time-labels.ts';
import type { Series, SeriesColor } from './types.ts';
import { axisFormat, type Unit } from './units.ts';

export interface DrawnSeries {
  key: string;
  label: string;
  legend: string;
  /** A CSS variable with its dashes: `--s1`. */
  color: string;
  shape: 'line' | 'area' | 'stack';
  dashed: boolean;
  raw: readonly (number | null)[];
  /** Where it is drawn: the sum with the stacks below it. */
  top: readonly (number | null)[];
  /** Lower edge of a stack. */
  base: readonly number[] | undefined;
  shown: boolean;
}

/** Everything that the layers of one chart agree upon. Pixels count from the top left corner. */
export interface ChartModel {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  lane: number;
  x: Scale;
  y: Scale;
  xTicks: { value: number; text: string }[];
  yTicks: number[];
  yText: (value: number) => string;
  series: DrawnSeries[];
  times: readonly number[];
  unit: Unit;
  zone: Zone;
  endLabels: boolean;
}

export interface ModelInput {
  width: number;
  height: number;
  fromMs: number;
  toMs: number;
  zone: Zone;
  unit: Unit;
  times: readonly number[];
  series: readonly Series[];
  hidden: Hidden;
  thresholdValue?: number;
  yMin?: number;
  yFloor?: number;
  yMax?: number;
  endLabels: boolean;
  /** Whether there is a row for markers below the axis. */
  lane: boolean;
  stale: boolean;
}

const palette: SeriesColor[] = ['s1', 's2', 's3', 's4', 's5', 's6'];
const charWidth = 6.2;

/** The colour of each series: its own, or the next of the palette. */
export function seriesColors(series: readonly Series[]): string[] {
  return series.map((one, i) => `--${one.color ?? palette[i % palette.length]}`);
}

function drawSeries(series: readonly Series[], hidden: Hidden, stale: boolean): DrawnSeries[] {
  const colors = seriesColors(series);
  const stacked = series.filter((one) => one.shape === 'stack' && !hidden.has(one.key));
  const tops = stack(stacked.map((one) => one.values));
  const sums: number[] = [];
  const bases = new Map<string, number[]>();
  stacked.forEach((one) => {
    bases.set(
      one.key,
      one.values.map((_, i) => sums[i] ?? 0),
    );
    one.values.forEach((value, i) => {
      sums[i] = (sums[i] ?? 0) + (value ?? 0);
    });
  });
  return series.map((one, i) => {
    const at = stacked.indexOf(one);
    return {
      key: one.key,
      label: one.label,
      legend: one.legend ?? one.label,
      color: stale ? '--ink-3' : (colors[i] as string),
      shape: stale ? 'line' : (one.shape ?? 'line'),
      dashed: stale || Boolean(one.dashed),
      raw: one.values,
      top: at === -1 ? one.values : (tops[at] as (number | null)[]),
      // A stale stack is drawn as a line, at the height of its sum.
      base: stale ? undefined : bases.get(one.key),
      shown: !hidden.has(one.key),
    };
  });
}

function extremes(series: readonly DrawnSeries[]): [number, number] {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const one of series) {
    if (!one.shown) continue;
    for (const value of one.top) {
      if (value === null || !Number.isFinite(value)) continue;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  return [min, max];
}

const leastScale = (unit: Unit) =>
  unit === 'ratio' ? 0.001 : unit === 'seconds' ? 0.001 : unit === 'milliseconds' ? 1 : 0;

/** Lays one chart out: scales, round ticks and what each series is drawn with. */
export function chartModel(input: ModelInput): ChartModel {
  const { width, height, fromMs, toMs, zone, unit } = input;
  const series = drawSeries(input.series, input.hidden, input.stale);
  const [min, max] = extremes(series);
  const top = 8;
  const lane = input.lane ? 13 : 0;
  const bottom = height - 19 - lane;
  const floor = input.yMax ?? Math.max(input.yFloor ?? leastScale(unit), (input.thresholdValue ?? 0) * 1.2);
  const yTicks = valueTicks(min, max, {
    spaces: height < 120 ? 2 : 4,
    floor,
    min: input.yMin,
    whole: unit === 'count',
  });
  const yText = axisFormat(unit, yTicks);
  const longest = Math.max(...yTicks.map((tick) => yText(tick).length));
  const left = Math.max(height < 120 ? 34 : 42, Math.ceil(longest * charWidth) + 10);
  const longestEnd = input.endLabels ? Math.max(0, ...series.filter((s) => s.shown).map((s) => s.label.length)) : 0;
  // A canvas centres its last label and would cut it off.
  const right = longestEnd
    ? Math.min(96, Math.ceil(longestEnd * charWidth) + 14)
    : isDense(series.length, input.times.length)
      ? 20
      : 10;
  const plotWidth = Math.max(10, width - left - right);
  const { values, stepMs } = zoneTicks(fromMs, toMs, Math.max(2, Math.floor(plotWidth / 66)), zone);
  return {
    width,
    height,
    left,
    right,
    top,
    bottom,
    lane,
    x: linearScale([fromMs, toMs], [left, left + plotWidth]),
    y: linearScale([yTicks[0] as number, yTicks.at(-1) as number], [bottom, top]),
    xTicks: values.map((value) => ({ value, text: tickTextByDay(value, stepMs, zone) })),
    yTicks,
    yText,
    series,
    times: input.times,
    unit,
    zone,
    endLabels: input.endLabels,
  };
}

/** Dense charts are drawn on a canvas: past ten series or three hundred points an SVG costs whole frames. */
export function isDense(seriesCount: number, pointCount: number): boolean {
  return seriesCount > 10 || pointCount > 400 || seriesCount * pointCount > 3000;
}
