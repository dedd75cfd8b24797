import { linePath, type Values } from './paths.ts';
import { linearScale } from './scale.ts';

export interface SparklineProps {
  values: Values;
  /** Least full scale, for instance the objective: a flat line then stays flat at its height. */
  floor?: number;
  /** A series colour, or the colour of a status. */
  color?: 's1' | 's2' | 's3' | 's4' | 's5' | 's6' | 'bad' | 'warn' | 'ink';
  width?: number;
  height?: number;
}

/** A small line that stands on zero, beside the figure that it explains. Decorative: the figure says it. */
export function Sparkline({ values, floor = 0, color = 's1', width = 56, height = 18 }: SparklineProps) {
  let max = floor;
  for (const value of values) if (value !== null && value > max) max = value;
  const x = linearScale([0, Math.max(1, values.length - 1)], [0, width]);
  const y = linearScale([0, max * 1.08 || 1], [height - 1.5, 1.5]);
  const xs = values.map((_, i) => x(i));
  return (
    <svg className="spark" width={width} height={height} aria-hidden="true">
      <path d={`M0 ${height - 0.5}H${width}`} stroke="var(--line-strong)" />
      <path d={linePath(xs, values, y)} fill="none" stroke={`var(--${color})`} strokeWidth="1.5" />
    </svg>
  );
}
