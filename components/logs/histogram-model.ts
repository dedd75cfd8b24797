import type { LogHistogram } from '#lib/logs/schemas.ts';
import { linearScale, type Scale, valueTicks } from '../charts/scale.ts';
import { tickTextByDay, zoneTicks } from '../charts/time-labels.ts';
import type { Zone } from '../ui/format-time.ts';
import { type LevelName, levelsWorstFirst } from './levels.ts';

export interface Bar {
  index: number;
  fromMs: number;
  toMs: number;
  total: number;
  /** From the axis up, the worst level lowest, so that errors stand on one line. */
  parts: { level: LevelName; count: number; from: number; to: number }[];
}

export interface HistogramModel {
  width: number;
  height: number;
  left: number;
  right: number;
  top: number;
  bottom: number;
  x: Scale;
  y: Scale;
  xTicks: { value: number; text: string }[];
  yTicks: number[];
  bars: Bar[];
  /** Levels that occur, the worst first, with how often. */
  totals: { level: LevelName; count: number }[];
}

interface Input {
  width: number;
  height: number;
  zone: Zone;
  fromMs: number;
  toMs: number;
  histogram: LogHistogram;
}

/** Lays the chart out: one bar for each bucket over the range that was asked for. */
export function histogramModel({ width, height, zone, fromMs, toMs, histogram }: Input): HistogramModel {
  const { stepMs, counts } = histogram;
  const startMs = Date.parse(histogram.from);
  const length = Math.max(0, ...Object.values(counts).map((list) => list.length));
  const bars = Array.from({ length }, (_, index): Bar => {
    let sum = 0;
    const parts = levelsWorstFirst.flatMap((level) => {
      const count = counts[level]?.[index] ?? 0;
      if (count === 0) return [];
      sum += count;
      return [{ level, count, from: sum - count, to: sum }];
    });
    return { index, fromMs: startMs + index * stepMs, toMs: startMs + (index + 1) * stepMs, total: sum, parts };
  });
  const yTicks = valueTicks(0, Math.max(0, ...bars.map(({ total }) => total)), { spaces: 2, floor: 1, whole: true });
  const top = 6;
  const bottom = height - 18;
  const left = Math.max(34, Math.ceil(Math.max(...yTicks.map((tick) => countText(tick).length)) * 6.2) + 10);
  const right = 8;
  const firstMs = Math.min(fromMs, bars[0]?.fromMs ?? fromMs);
  const lastMs = Math.max(toMs, bars.at(-1)?.toMs ?? toMs);
  const plot = Math.max(10, width - left - right);
  const ticks = zoneTicks(firstMs, lastMs, Math.max(2, Math.floor(plot / 76)), zone);
  return {
    width,
    height,
    left,
    right,
    top,
    bottom,
    x: linearScale([firstMs, lastMs], [left, left + plot]),
    y: linearScale([0, yTicks.at(-1) ?? 1], [bottom, top]),
    xTicks: ticks.values.map((value) => ({ value, text: tickTextByDay(value, ticks.stepMs, zone) })),
    yTicks,
    bars,
    totals: levelsWorstFirst.flatMap((level) => {
      const count = (counts[level] ?? []).reduce((sum, one) => sum + one, 0);
      return count > 0 ? [{ level, count }] : [];
    }),
  };
}

/** A count in a tight place: `950`, `12 k`, `1.2 M`. */
export function countText(count: number): string {
  if (count < 10_000) return count.toLocaleString('en');
  const [value, unit] = count < 1_000_000 ? [count / 1_000, 'k'] : [count / 1_000_000, 'M'];
  return `${value >= 100 ? Math.round(value) : Math.round(value * 10) / 10} ${unit}`;
}

/** A length of a bucket in words: `30 s`, `1 min`, `6 h`. */
export function stepWords(stepMs: number): string {
  if (stepMs < 1_000) return `${stepMs} ms`;
  if (stepMs < 60_000) return `${stepMs / 1_000} s`;
  if (stepMs < 3_600_000) return `${stepMs / 60_000} min`;
  if (stepMs < 86_400_000) return `${stepMs / 3_600_000} h`;
  return `${stepMs / 86_400_000} d`;
}
