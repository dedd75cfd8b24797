import type { ReactNode } from 'react';
import type { Zone } from '../ui/format-time.ts';
import type { Annotations } from './annotations.ts';
import type { Marker } from './markers.ts';
import type { Unit } from './units.ts';

/**
 * A colour of the series palette; statuses have their own colours and never appear among series. `ink-3` is for a line
 * that was not measured and only held against.
 */
export type SeriesColor = 's1' | 's2' | 's3' | 's4' | 's5' | 's6' | 'ink-3';

export interface Series {
  key: string;
  label: string;
  /** One value for each entry of `times`; null is a gap and is drawn as one. */
  values: readonly (number | null)[];
  color?: SeriesColor;
  /** `area` fills lightly down to zero; `stack` lies on the stacks before it. */
  shape?: 'line' | 'area' | 'stack';
  /** For what is compared with, or not counted. */
  dashed?: boolean;
  /** Replaces the label in the legend, for instance with the figure of the moment. */
  legend?: string;
}

export interface Threshold {
  value: number;
  /** What it is, with its figure: `objective 0.1 %`. */
  label: string;
}

export interface Exemplar {
  /** The series on which it is drawn; at its own value when left out. */
  seriesKey?: string;
  /** Milliseconds. */
  time: number;
  value: number;
  traceId: string;
  /** The span that was measured. */
  spanId?: string;
  labels?: Record<string, string>;
}

export interface TimeSeriesProps {
  /** What is shown; names the chart for screen readers and files. */
  title: string;
  unit: Unit;
  /** Milliseconds, ascending, shared by all series. */
  times: readonly number[];
  series: readonly Series[];
  /** Height of the drawing in pixels, without the legend; the same while it loads. */
  height?: number;
  /** Ends of the time axis in milliseconds; those of the page where left out. */
  fromMs?: number;
  toMs?: number;
  zone?: Zone;
  /** Shown below the axis; those of the page where left out. An empty list keeps the place. */
  markers?: readonly Marker[];
  threshold?: Threshold;
  exemplars?: readonly Exemplar[];
  onExemplar?: (exemplar: Exemplar) => void;
  /** What opens beside the dot of an exemplar; without it `onExemplar` is called. */
  exemplarCard?: (exemplar: Exemplar) => ReactNode;
  /** Called with milliseconds; the page's time range where left out. */
  onZoom?: (fromMs: number, toMs: number) => void;
  onZoomOut?: () => void;
  /** Names of the lines at their right end, instead of looking them up in the legend. */
  endLabels?: boolean;
  /** False leaves the legend out, for a single series that the header names. */
  legend?: boolean;
  /** Start of the value axis where it is not zero. */
  yMin?: number;
  /** Least full scale; the threshold counts by itself. */
  yFloor?: number;
  /** End of the value axis where it must not follow the threshold: 1 for shares near all. */
  yMax?: number;
  /** Upright lines, hatched times and a band. */
  annotations?: Annotations;
  /** The figures end here and are old: drawn dashed and grey, with the time. */
  staleAtMs?: number;
  loading?: boolean;
}
