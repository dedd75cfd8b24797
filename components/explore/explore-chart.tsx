'use client';
import { useMemo } from 'react';
import { type TimeAxis, TimeAxisProvider } from '#components/charts/time-axis.tsx';
import type { TimeRangeValue } from '#components/charts/time-range.tsx';
import { TimeSeries } from '#components/charts/time-series.tsx';
import { unitWord } from '#components/charts/units.ts';
import type { ExploreRange } from '#lib/telemetry/schemas.ts';
import { chartsOf, type UnitChart } from './chart-data.ts';
import { type RanQuery, useAnswered } from './run-queries.ts';

function titleOf({ unit, names }: UnitChart, exprs: ReadonlyMap<string, string>): string {
  const word = unitWord(unit);
  const what = names.length === 1 ? (exprs.get(names[0] as string) ?? '') : `Queries ${names.join(', ')}`;
  return word ? `${what}, ${word}` : what;
}

/** The results over time: one chart for each unit, on one time axis. */
export function ExploreChart({ queries, time }: { queries: readonly RanQuery<ExploreRange>[]; time: TimeRangeValue }) {
  const answered = useAnswered(queries);
  const charts = useMemo(() => chartsOf(answered), [answered]);
  const exprs = new Map(queries.map(({ name, expr }) => [name, expr.replace(/\s+/g, ' ')]));
  const axis = useMemo<TimeAxis>(
    () => ({ fromMs: time.fromMs, toMs: time.toMs, zone: time.zone, onZoom: time.zoom, onZoomOut: time.zoomOut }),
    [time],
  );
  const stale = answered
    .map(({ answer, staleAtMs }) => (answer.stale ? Date.parse(answer.asOf) : staleAtMs))
    .find((at) => at !== null);
  return (
    <TimeAxisProvider axis={axis}>
      <div className="stack">
        {charts.map((chart) => (
          <div key={chart.unit} className="grid gap-1">
            {charts.length > 1 || chart.unit !== 'none' ? (
              <h3>
                {charts.length > 1 ? `${chart.names.join(', ')}: ` : ''}
                {unitWord(chart.unit) || 'no unit'}
              </h3>
            ) : null}
            <TimeSeries
              title={titleOf(chart, exprs)}
              unit={chart.unit}
              times={chart.times}
              series={chart.series}
              height={charts.length > 1 ? 220 : 320}
              staleAtMs={stale ?? undefined}
            />
            {chart.found > chart.series.length ? (
              <p className="faint text-sm">
                The {chart.series.length} largest of {chart.found.toLocaleString('en')} series are drawn. The table has
                all of them.
              </p>
            ) : null}
          </div>
        ))}
      </div>
    </TimeAxisProvider>
  );
}
