'use client';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { exemplarsQuery, redQuery } from '#lib/telemetry/queries.ts';
import { gridTimesMs } from '#lib/telemetry/rules.ts';
import type { RedRange, ServiceSummary } from '#lib/telemetry/schemas.ts';
import { MarkerLegend } from '../../charts/marker-legend.tsx';
import { useTimeAxis } from '../../charts/time-axis.tsx';
import { TimeSeries } from '../../charts/time-series.tsx';
import { formatPercent } from '../../charts/units.ts';
import { useRange } from '../../charts/use-range.ts';
import { useEnvironment } from '../../ui/environment.tsx';
import { Note } from '../../ui/note.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { PanelState } from '../../ui/panel-state.ts';
import { answerNotes, answerState } from '../answer-state.ts';
import { durationText, isOverErrors, rateText, versusLastWeek } from '../words.ts';
import { CallersPanel } from './callers-panel.tsx';
import { ExemplarCard } from './exemplar-card.tsx';
import {
  callersDiffer,
  durationSeries,
  durationThreshold,
  errorSeries,
  errorThreshold,
  exemplarDots,
  hasTraffic,
  hasValues,
  lastOf,
  lastTimeOf,
  rateSeries,
} from './red-series.ts';

const height = 190;
const bodyHeight = height + 40;
const chartWidth = 600;
const markerKinds = ['deploy', 'scaling', 'alert', 'config', 'fault', 'incident'] as const;

export interface RedChartsProps {
  service: string;
  /** The figures of now; null where the service reports nothing now. */
  summary: ServiceSummary | null;
}

/** Rate, errors and duration over the page's time range, with what callers see where that differs. */
export function RedCharts({ service, summary }: RedChartsProps) {
  const { current } = useEnvironment();
  const { wanted, renewEvery, live } = useRange();
  const asked = { env: current.name, service, ...wanted, width: chartWidth };
  const query = useQuery({ ...redQuery(asked), refetchInterval: renewEvery });
  const exemplars = useQuery({ ...exemplarsQuery(asked), refetchInterval: renewEvery }).data;
  const red = query.data;
  const times = useMemo(() => (red ? gridTimesMs(red.grid) : []), [red]);
  const state = answerState(query);
  const staleAtMs = red && state.kind === 'stale' ? lastTimeOf(times, red.rate, Date.parse(red.asOf)) : undefined;
  const figures = live ? (summary?.red ?? null) : red ? endOf(red) : null;
  const shared = { red, state, times, staleAtMs, service, figures };
  const differ = red ? callersDiffer(red) : null;
  const callers = red && differ ? <CallersPanel red={red} times={times} differ={differ} staleAtMs={staleAtMs} /> : null;
  const urgent = differ === 'silent' || isOverErrors(lastOf(red?.callers?.errorRatio ?? []));
  const markers = useTimeAxis()?.markers ?? [];
  const kinds = markerKinds.filter((kind) => markers.some((marker) => marker.kind === kind));
  // The header says it already where the service itself is stale.
  const notes = summary?.state === 'stale' ? [] : answerNotes(query);
  return (
    <>
      {notes.length > 0 ? <Note>{notes.join(' ')}</Note> : null}
      {urgent ? callers : null}
      <div className="grid gap-3 min-[1181px]:grid-cols-3">
        <RatePanel {...shared} />
        <ErrorsPanel {...shared} />
        <DurationPanel {...shared} exemplars={exemplars} />
      </div>
      {kinds.length > 0 ? <MarkerLegend kinds={kinds} /> : null}
      {urgent ? null : callers}
    </>
  );
}

/** The figures beside the titles. */
interface Figures {
  rate: number | null;
  errorRatio: number | null;
  p95Ms: number | null;
  lastWeek: { p95Ms: number | null } | null;
}

/** The figures at the end of a range in the past. */
const endOf = (red: RedRange): Figures => ({
  rate: lastOf(red.rate),
  errorRatio: lastOf(red.errorRatio),
  p95Ms: lastOf(red.p95Ms),
  lastWeek: red.p95LastWeekMs && { p95Ms: lastOf(red.p95LastWeekMs) },
});

interface Shared {
  red: RedRange | undefined;
  state: PanelState;
  times: number[];
  staleAtMs: number | undefined;
  service: string;
  figures: Figures | null;
}

function RatePanel({ red, state, times, staleAtMs, service, figures }: Shared) {
  const series = useMemo(() => (red ? rateSeries(red) : []), [red]);
  const rate = figures?.rate ?? null;
  const empty = red && !hasValues(red.rate) ? noData(service) : null;
  const history = red && series.length === 1 ? ' · no history of last week yet' : '';
  return (
    <Panel
      title="Rate"
      figure={rate === null ? undefined : rateText(rate)}
      meta={`requests/s${history}`}
      state={empty ?? (state.kind === 'loading' ? undefined : state)}
      bodyHeight={bodyHeight}
    >
      <TimeSeries
        title="Rate"
        unit="requests/s"
        times={times}
        series={series}
        height={height}
        loading={!red}
        staleAtMs={staleAtMs}
      />
    </Panel>
  );
}

function ErrorsPanel({ red, state, times, staleAtMs, service, figures }: Shared) {
  const series = useMemo(() => (red ? errorSeries(red) : []), [red]);
  const ratio = figures?.errorRatio ?? null;
  const empty = red ? quiet(red, service) : null;
  return (
    <Panel
      title="Errors"
      figure={
        ratio === null ? undefined : <span className={isOverErrors(ratio) ? 'bad' : ''}>{formatPercent(ratio)}</span>
      }
      meta="of requests, by status"
      state={empty ?? (state.kind === 'loading' ? undefined : state)}
      bodyHeight={bodyHeight}
    >
      <TimeSeries
        title="Errors by status"
        unit="ratio"
        times={times}
        series={series}
        height={height}
        threshold={errorThreshold}
        loading={!red}
        staleAtMs={staleAtMs}
      />
    </Panel>
  );
}

function DurationPanel({ red, state, times, staleAtMs, service, figures, exemplars }: Shared & Exemplars) {
  const series = useMemo(() => (red ? durationSeries(red) : []), [red]);
  const { dots, floor } = useMemo(
    () => (red ? exemplarDots(exemplars, red) : { dots: [], floor: 0 }),
    [exemplars, red],
  );
  const p95 = figures?.p95Ms ?? null;
  const versus = versusLastWeek(p95, figures?.lastWeek?.p95Ms);
  const empty = red ? (quiet(red, service) ?? (hasValues(red.p95Ms) ? null : noDurations)) : null;
  return (
    <Panel
      title="Duration"
      figure={p95 === null ? undefined : durationText(p95)}
      meta={versus ? `p95, ${versus.text}` : 'p50, p95, p99'}
      state={empty ?? (state.kind === 'loading' ? undefined : state)}
      bodyHeight={bodyHeight}
    >
      <TimeSeries
        title="Duration"
        unit="seconds"
        times={times}
        series={series}
        height={height}
        endLabels
        threshold={red ? durationThreshold(red) : undefined}
        yFloor={floor}
        exemplars={dots}
        exemplarCard={(exemplar) => <ExemplarCard exemplar={exemplar} service={service} />}
        loading={!red}
        staleAtMs={staleAtMs}
      />
    </Panel>
  );
}

interface Exemplars {
  exemplars: Parameters<typeof exemplarDots>[0];
}

const noData = (service: string): PanelState => ({
  kind: 'noData',
  hint: `Prometheus has no request metrics of ${service} in this time.`,
});

const noDurations: PanelState = {
  kind: 'noData',
  hint: 'Requests are counted, but how long they take is not measured.',
};

/** Without requests a share and a percentile have no meaning. */
function quiet(red: RedRange, service: string): PanelState | null {
  if (!hasValues(red.rate)) return noData(service);
  return hasTraffic(red) ? null : { kind: 'noTraffic', title: 'No traffic in this time' };
}
