'use client';
import { lazy, Suspense, useId, useMemo, useState } from 'react';
import { formatDateTime, zoneWord } from '../ui/format-time.ts';
import { Menu, type MenuItem } from '../ui/menu.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { AnnotationsAbove, AnnotationsBelow } from './annotation-layers.tsx';
import { type ChartModel, chartModel, isDense } from './chart-model.ts';
import { useCrosshair } from './crosshair.ts';
import { ExemplarDots } from './exemplar-dots.tsx';
import { CrosshairLine, Overlay, Underlay } from './layers.tsx';
import { type Hidden, isolate, toggle } from './legend-state.ts';
import { MarkerLane } from './marker-lane.tsx';
import { layoutMarkers, type Marker } from './markers.ts';
import { PlotInput } from './plot-input.tsx';
import { Readout } from './readout.tsx';
import { nearestIndex } from './scale.ts';
import { SeriesLegend } from './series-legend.tsx';
import { useTimeAxis } from './time-axis.tsx';
import type { TimeSeriesProps } from './types.ts';
import { formatValue } from './units.ts';
import { useWidth } from './use-width.ts';
import { ValuesTable } from './values-table.tsx';

const PlotRecharts = lazy(() => import('./plot-recharts.tsx'));
const PlotUPlot = lazy(() => import('./plot-uplot.tsx'));
const nobody: Hidden = new Set();
const noMarkers: readonly Marker[] = [];

/** Series over time, with what changed below the axis. See `TimeSeriesProps` for what each part is given. */
export function TimeSeries(props: TimeSeriesProps) {
  const {
    title,
    unit,
    times,
    series,
    height = 190,
    threshold,
    exemplars,
    staleAtMs,
    endLabels = false,
    yMin,
    yFloor,
    yMax,
    annotations,
  } = props;
  const id = useId();
  const axis = useTimeAxis();
  const [box, width] = useWidth<HTMLDivElement>();
  const [hidden, setHidden] = useState<Hidden>(nobody);
  const [asTable, setAsTable] = useState(false);
  const fromMs = props.fromMs ?? axis?.fromMs ?? times[0] ?? 0;
  const toMs = props.toMs ?? axis?.toMs ?? times.at(-1) ?? fromMs + 1;
  const zone = props.zone ?? axis?.zone ?? 'utc';
  const markers = props.markers ?? axis?.markers;
  const onZoom = props.onZoom ?? axis?.onZoom;
  const onZoomOut = props.onZoomOut ?? axis?.onZoomOut;
  const lane = markers !== undefined;
  const stale = staleAtMs !== undefined;
  const thresholdValue = threshold?.value;

  const model = useMemo(
    () =>
      width === null
        ? null
        : chartModel({
            width,
            height,
            fromMs,
            toMs,
            zone,
            unit,
            times,
            series,
            hidden,
            thresholdValue,
            yMin,
            yFloor,
            yMax,
            endLabels,
            lane,
            stale,
          }),
    [
      width,
      height,
      fromMs,
      toMs,
      zone,
      unit,
      times,
      series,
      hidden,
      thresholdValue,
      yMin,
      yFloor,
      yMax,
      endLabels,
      lane,
      stale,
    ],
  );
  const layout = useMemo(
    () => layoutMarkers(markers ?? noMarkers, fromMs, toMs, model ? model.width - model.left - model.right : 600),
    [markers, fromMs, toMs, model],
  );

  const keys = series.map((one) => one.key);
  const Plot = isDense(series.length, times.length) ? PlotUPlot : PlotRecharts;
  const loading = props.loading || model === null;
  const items: MenuItem[] = [
    { id: 'values', label: asTable ? 'Show the chart' : 'Show values', onSelect: () => setAsTable(!asTable) },
    {
      id: 'png',
      label: 'Save as PNG',
      disabled: loading,
      onSelect: () =>
        model &&
        void exports().then((e) => e.savePng({ model, title, layout, threshold }, box.current ?? document.body)),
    },
    {
      id: 'csv',
      label: 'Save as CSV',
      disabled: loading,
      onSelect: () => model && void exports().then((e) => e.saveCsv(model, title)),
    },
    ...(onZoomOut ? [{ id: 'out', label: 'Zoom out', hint: 'double click', onSelect: onZoomOut }] : []),
  ];

  return (
    <figure className="time-series" aria-label={title}>
      <div ref={box} className="chart" style={{ height }}>
        {loading || !model ? (
          <Skeleton height={height} />
        ) : asTable ? (
          <ValuesTable model={model} title={title} height={height} />
        ) : (
          <>
            <Underlay model={model} layout={layout} hatch={`${id}-hatch`} />
            {annotations ? <AnnotationsBelow model={model} annotations={annotations} id={`${id}-spans`} /> : null}
            <Suspense fallback={<Skeleton height={height} />}>
              <div className="plot" aria-hidden="true">
                <Plot model={model} />
              </div>
              <Overlay model={model} layout={layout} threshold={threshold} staleAtMs={staleAtMs} />
              {annotations ? <AnnotationsAbove model={model} annotations={annotations} /> : null}
              <Pointed id={id} model={model} />
              <PlotInput
                id={id}
                model={model}
                summary={summaryOf(title, model)}
                onZoom={onZoom}
                onZoomOut={onZoomOut}
              />
              {exemplars ? (
                <ExemplarDots
                  model={model}
                  exemplars={exemplars}
                  onSelect={props.onExemplar}
                  card={props.exemplarCard}
                />
              ) : null}
              <MarkerLane layout={layout} plot={model} />
            </Suspense>
          </>
        )}
      </div>
      <div className={props.legend === false ? 'chart-foot bare' : 'chart-foot'}>
        {props.legend === false ? null : (
          <SeriesLegend
            series={model?.series ?? []}
            onIsolate={(key) => setHidden(isolate(keys, hidden, key))}
            onToggle={(key) => setHidden(toggle(keys, hidden, key))}
            exemplars={Boolean(exemplars?.length)}
          />
        )}
        <Menu
          label={`${title}: chart menu`}
          align="end"
          items={items}
          trigger={
            <button type="button" className="chart-menu" aria-label={`${title}: values and export`}>
              ⋯
            </button>
          }
        />
      </div>
    </figure>
  );
}

const exports = () => import('./export-chart.ts');

/** Only this part follows the crosshair, so that moving it costs nothing else. */
function Pointed({ id, model }: { id: string; model: ChartModel }) {
  const crosshair = useCrosshair();
  if (!crosshair) return null;
  const mine = crosshair.source === id;
  return (
    <>
      <CrosshairLine model={model} timeMs={crosshair.timeMs} dots />
      {mine ? <Readout model={model} index={nearestIndex(model.times, crosshair.timeMs)} /> : null}
    </>
  );
}

function summaryOf(title: string, model: ChartModel): string {
  const [from, to] = model.x.domain;
  const parts = model.series
    .filter((one) => one.shown)
    .slice(0, 6)
    .map((one) => {
      const values = one.raw.filter((value): value is number => value !== null && Number.isFinite(value));
      if (values.length === 0) return `${one.label} has no data`;
      return `${one.label} ${formatValue(values.at(-1), model.unit)} at the end, at most ${formatValue(Math.max(...values), model.unit)}`;
    });
  const range = `${formatDateTime(from, model.zone, false)} to ${formatDateTime(to, model.zone, false)} ${zoneWord(model.zone)}`;
  return `${title}, ${range}. ${parts.join('; ') || 'No series'}. Arrow keys read the values.`;
}
