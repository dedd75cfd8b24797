import type { Zone } from '../ui/format-time.ts';
import type { ChartModel } from './chart-model.ts';
import { linearScale } from './scale.ts';
import { type LogAxis, logAxis, logScale } from './scatter-scale.ts';
import { tickText, zoneTicks } from './time-labels.ts';
import { formatValue, type Unit } from './units.ts';

export interface ScatterPoint {
  id: string;
  /** Milliseconds. */
  timeMs: number;
  value: number;
  /** Drawn as a cross instead of a dot. */
  failed: boolean;
  /** Drawn fainter: it does not belong to what is looked at. */
  faded?: boolean;
}

/** A part of the plot: times in milliseconds, values in the unit of the chart. */
export interface ScatterBox {
  fromMs: number;
  toMs: number;
  min: number;
  max: number;
}

/** What the layers of a scatter chart agree upon; pixels count from the top left corner. */
export interface ScatterModel<Point extends ScatterPoint = ScatterPoint> extends ChartModel {
  /** Those in the range, by time. */
  points: readonly Point[];
  xs: Float64Array;
  ys: Float64Array;
}

export interface ScatterInput<Point extends ScatterPoint> {
  points: readonly Point[];
  width: number;
  height: number;
  fromMs: number;
  toMs: number;
  zone: Zone;
  unit: Unit;
}

const charWidth = 6.2;
const lane = 13;
const top = 12;
const right = 10;
const nothing: LogAxis = { domain: [10, 1000], ticks: [10, 100, 1000] };

/** Lays a scatter chart out: time by value, the value on a logarithmic scale between round ticks. */
export function scatterModel<Point extends ScatterPoint>(input: ScatterInput<Point>): ScatterModel<Point> {
  const { width, height, fromMs, toMs, zone, unit } = input;
  const points = input.points
    .filter(({ timeMs, value }) => timeMs >= fromMs && timeMs <= toMs && Number.isFinite(value))
    .sort((a, b) => a.timeMs - b.timeMs || (a.id < b.id ? -1 : 1));
  let min = Number.POSITIVE_INFINITY;
  let max = 0;
  for (const { value } of points) {
    if (value > 0 && value < min) min = value;
    if (value > max) max = value;
  }
  const bottom = height - 19 - lane;
  const isTime = unit === 'milliseconds';
  const axis = max > 0 ? logAxis(min, max, Math.max(3, Math.floor((bottom - top) / 24)), isTime) : nothing;
  const yTicks = axis.ticks;
  const yText = (value: number) => formatValue(value, unit);
  const left = Math.max(42, Math.ceil(Math.max(...yTicks.map((tick) => yText(tick).length)) * charWidth) + 10);
  const plotWidth = Math.max(10, width - left - right);
  const x = linearScale([fromMs, toMs], [left, left + plotWidth]);
  const y = logScale(axis.domain, [bottom, top]);
  const { values, stepMs } = zoneTicks(fromMs, toMs, Math.max(2, Math.floor(plotWidth / 66)), zone);
  return {
    width,
    height,
    left,
    right,
    top,
    bottom,
    lane,
    x,
    y,
    xTicks: values.map((value) => ({ value, text: tickText(value, stepMs, zone) })),
    yTicks,
    yText,
    series: [],
    times: [],
    unit,
    zone,
    endLabels: false,
    points,
    xs: Float64Array.from(points, ({ timeMs }) => x(timeMs)),
    ys: Float64Array.from(points, ({ value }) => y(value)),
  };
}

/** Number of the point nearest to a pixel, within so many pixels; −1 where there is none. */
export function nearestPoint(
  { xs, ys }: Pick<ScatterModel, 'xs' | 'ys'>,
  x: number,
  y: number,
  within: number,
): number {
  let best = -1;
  let least = within * within;
  for (let i = 0; i < xs.length; i++) {
    const distance = ((xs[i] as number) - x) ** 2 + ((ys[i] as number) - y) ** 2;
    if (distance <= least) {
      least = distance;
      best = i;
    }
  }
  return best;
}

const three = (value: number, round: (value: number) => number) => {
  if (!(value > 0)) return 0;
  const unit = 10 ** (Math.floor(Math.log10(value)) - 2);
  return Number((round(value / unit + (round === Math.ceil ? -1e-9 : 1e-9)) * unit).toPrecision(6));
};

/** The box between two corners in pixels, cut to the plot and widened to whole seconds and three digits. */
export function boxBetween(
  { left, right: space, top: high, bottom, width, x, y }: ScatterModel,
  a: { x: number; y: number },
  b: { x: number; y: number },
): ScatterBox {
  const inX = (at: number) => Math.max(left, Math.min(width - space, at));
  const inY = (at: number) => Math.max(high, Math.min(bottom, at));
  const second = 1000;
  return {
    fromMs: Math.floor(x.invert(inX(Math.min(a.x, b.x))) / second) * second,
    toMs: Math.ceil(x.invert(inX(Math.max(a.x, b.x))) / second) * second,
    // What took no time at all is drawn at the foot of the plot.
    min: Math.max(a.y, b.y) >= bottom ? 0 : three(y.invert(inY(Math.max(a.y, b.y))), Math.floor),
    max: three(y.invert(inY(Math.min(a.y, b.y))), Math.ceil),
  };
}

/** Whether a point lies in a box, its edges included. */
export function isInBox({ timeMs, value }: Pick<ScatterPoint, 'timeMs' | 'value'>, box: ScatterBox): boolean {
  return timeMs >= box.fromMs && timeMs <= box.toMs && value >= box.min && value <= box.max;
}

/** Where a box is drawn; null where nothing of it is on the plot. Ends may be infinite. */
export function boxRect({ left, right: space, top: high, bottom, width, x, y }: ScatterModel, box: ScatterBox) {
  const from = Math.max(left, x(Math.max(box.fromMs, x.domain[0])));
  const to = Math.min(width - space, x(Math.min(box.toMs, x.domain[1])));
  const upper = Math.max(high, y(Math.min(box.max, y.domain[1])));
  const lower = Math.min(bottom, y(Math.max(box.min, y.domain[0])));
  if (to < left || from > width - space || to < from || lower < upper) return null;
  return { left: from, top: upper, width: Math.max(2, to - from), height: Math.max(2, lower - upper) };
}

/** The next point to the left or right by time, or up or down by value; the same one at the end. */
export function nextPoint(
  points: readonly ScatterPoint[],
  at: number,
  key: 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown',
): number {
  if (key === 'ArrowLeft') return Math.max(0, at - 1);
  if (key === 'ArrowRight') return Math.min(points.length - 1, at + 1);
  const order = points.map((_, i) => i).sort((a, b) => (points[a]?.value ?? 0) - (points[b]?.value ?? 0) || a - b);
  const place = order.indexOf(at) + (key === 'ArrowUp' ? 1 : -1);
  return order[Math.max(0, Math.min(order.length - 1, place))] ?? at;
}
