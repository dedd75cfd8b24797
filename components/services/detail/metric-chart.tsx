'use client';
import type { ReactNode } from 'react';
import type { Unit as ApiUnit } from '#lib/telemetry/schemas.ts';
import { TimeSeries } from '../../charts/time-series.tsx';
import type { Series } from '../../charts/types.ts';
import { formatValue, type Unit } from '../../charts/units.ts';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { hasValues, lastOf } from './red-series.ts';

const units: Record<ApiUnit, Unit> = {
  ratio: 'ratio',
  bytes: 'bytes',
  seconds: 'seconds',
  count: 'count',
  perSecond: '/s',
};

export const metricChartHeight = 150;
const bodyHeight = metricChartHeight + 40;

export interface MetricChartProps {
  title: string;
  /** The name in the metrics, where the title is not it. */
  metric?: string;
  meta?: string;
  /** What the metric says of itself. */
  description?: ReactNode;
  unit: ApiUnit;
  times: readonly number[];
  series: readonly { name: string; values: readonly (number | null)[] }[];
  staleAtMs?: number;
}

/** One metric over time: a line for each replica or value of a label. */
export function MetricChart({ title, metric, meta, description, unit, times, series, staleAtMs }: MetricChartProps) {
  // Past six the colours come again; dashes tell them apart.
  const drawn = series.map(
    ({ name, values }, i): Series => ({
      key: name,
      label: name,
      values,
      shape: series.length === 1 ? 'area' : 'line',
      dashed: i >= 6,
    }),
  );
  const [only] = series;
  const empty = !series.some(({ values }) => hasValues(values));
  return (
    <Panel
      title={<span title={metric}>{title}</span>}
      figure={series.length === 1 && only ? formatValue(lastOf(only.values), units[unit]) : undefined}
      meta={meta}
      state={empty ? { kind: 'noData', hint: 'Nothing was measured in this time.' } : undefined}
      bodyHeight={bodyHeight}
    >
      {description ? <p className="dim mb-2 line-clamp-2 text-sm">{description}</p> : null}
      <TimeSeries
        title={title}
        unit={units[unit]}
        times={times}
        series={drawn}
        height={metricChartHeight}
        legend={drawn.length > 1}
        staleAtMs={staleAtMs}
      />
    </Panel>
  );
}

/** Places for charts that are on their way. */
export function MetricChartPlaces({ count }: { count: number }) {
  return Array.from({ length: count }, (_, i) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: places have nothing else
    <Panel key={i} title="…" bodyHeight={bodyHeight}>
      <Skeleton height={metricChartHeight} />
    </Panel>
  ));
}
