'use client';
import { useMemo } from 'react';
import type { SloDetail } from '#lib/slo/schemas.ts';
import { TimeSeries } from '../../charts/time-series.tsx';
import type { Series } from '../../charts/types.ts';
import { formatPercent } from '../../charts/units.ts';
import { formatSpan } from '../../ui/format-time.ts';
import { targetText } from '../words.ts';
import { unitOfBudget } from './detail-words.ts';
import { HistoryPanel, noEvents } from './history-panel.tsx';
import { hasValues, sliFloor, sumOf } from './slo-series.ts';
import type { HistoryView } from './use-history.ts';

const height = 180;

interface PanelProps {
  slo: SloDetail;
  view: HistoryView;
}

/** The share of good events in each step, against the objective. */
export function SliPanel({ slo, view }: PanelProps) {
  const { history } = view;
  const sli = history?.sli;
  const series = useMemo<Series[]>(() => (sli ? [{ key: 'sli', label: 'SLI', values: sli, color: 's1' }] : []), [sli]);
  const floor = useMemo(() => sliFloor(sli ?? [], slo.target), [sli, slo.target]);
  return (
    <HistoryPanel
      title="SLI"
      meta={history ? `per ${formatSpan(history.grid.stepMs)}` : undefined}
      view={view}
      empty={history && !hasValues(history.sli) ? noEvents(history) : null}
      bodyHeight={height + 8}
    >
      <TimeSeries
        title="SLI"
        unit="ratio"
        times={view.times}
        series={series}
        height={height}
        threshold={{ value: slo.target, label: `objective ${targetText(slo.target)}` }}
        annotations={view.annotations}
        yMin={floor}
        yMax={1}
        legend={false}
        loading={!history}
      />
    </HistoryPanel>
  );
}

/** Good and bad events of each step, each on its own scale: beside the good ones the bad would not be seen. */
export function EventsPanels({ slo, view }: PanelProps) {
  const { history } = view;
  const unit = unitOfBudget(slo.definition);
  const per = history ? `per ${formatSpan(history.grid.stepMs)}` : '';
  const bad = useMemo<Series[]>(
    () => (history ? [{ key: 'bad', label: unit, values: history.bad, color: 's2', shape: 'area' }] : []),
    [history, unit],
  );
  const good = useMemo<Series[]>(
    () => (history ? [{ key: 'good', label: 'good', values: history.good, color: 's1', shape: 'area' }] : []),
    [history],
  );
  const shared = { times: view.times, height: 130, annotations: view.wordless, legend: false, loading: !history };
  const empty = history && sumOf(history.good) + sumOf(history.bad) === 0 ? noEvents(history) : null;
  return (
    <div className="c2">
      <HistoryPanel
        title="Bad events"
        figure={history ? shortCount(sumOf(history.bad)) : undefined}
        meta={`${unit} ${per}`}
        view={view}
        empty={empty}
        bodyHeight={138}
      >
        <TimeSeries title={`Bad events: ${unit}`} unit="count" series={bad} {...shared} />
      </HistoryPanel>
      <HistoryPanel
        title="Good events"
        figure={history ? shortCount(sumOf(history.good)) : undefined}
        meta={per}
        view={view}
        empty={empty}
        bodyHeight={138}
      >
        <TimeSeries title="Good events" unit="count" series={good} {...shared} />
      </HistoryPanel>
    </div>
  );
}

/** How much of each step is known; only where something is missing. */
export function CoveragePanel({ view }: { view: HistoryView }) {
  const { history } = view;
  const series = useMemo<Series[]>(
    () =>
      history ? [{ key: 'coverage', label: 'coverage', values: history.coverage, color: 's3', shape: 'area' }] : [],
    [history],
  );
  const known = history?.coverage.filter((value): value is number => value !== null) ?? [];
  if (known.every((value) => value > 0.999)) return null;
  return (
    <HistoryPanel
      title="Coverage"
      figure={formatPercent(sumOf(known) / known.length)}
      meta="of this time is known"
      view={view}
      bodyHeight={108}
    >
      <TimeSeries
        title="Coverage"
        unit="ratio"
        times={view.times}
        series={series}
        height={100}
        annotations={view.wordless}
        yMin={0}
        yMax={1}
        legend={false}
      />
    </HistoryPanel>
  );
}

const shortCount = (count: number) => Math.round(count).toLocaleString('en-GB');
