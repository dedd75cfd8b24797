'use client';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useMemo } from 'react';
import { alertChartQuery } from '#lib/alerts/queries.ts';
import type { AlertChart, AlertDetail } from '#lib/alerts/schemas.ts';
import { alertTitle } from '#lib/alerts/title-rules.ts';
import { changesQuery } from '#lib/facts/change-queries.ts';
import type { Marker } from '../../charts/markers.ts';
import { TimeSeries } from '../../charts/time-series.tsx';
import type { Series } from '../../charts/types.ts';
import type { Unit } from '../../charts/units.ts';
import { useRange } from '../../charts/use-range.ts';
import { Note } from '../../ui/note.tsx';
import { Panel } from '../../ui/panel.tsx';
import { type PanelState, panelStateOf } from '../../ui/panel-state.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useNow } from '../../ui/use-now.ts';
import { rangeOf } from './chart-range.ts';

const height = 200;
const bodyHeight = height + 36;
const units: Record<AlertChart['unit'], Unit> = {
  times: 'none',
  ratio: 'ratio',
  seconds: 'seconds',
  bytes: 'bytes',
  count: 'count',
  perSecond: '/s',
};
const mostSeries = 12;

/** The expression of the alert over time with its threshold, when it fired, and what changed round it. */
export function ExpressionChart({ detail }: { detail: AlertDetail }) {
  const { alert } = detail;
  const time = useRange();
  const shown = useShownRange(detail);
  const query = useQuery({
    ...alertChartQuery({
      fingerprint: alert.fingerprint,
      from: new Date(shown.fromMs).toISOString(),
      to: new Date(shown.toMs).toISOString(),
    }),
    retry: false,
  });
  const changes = useQuery(
    changesQuery({
      env: alert.environment,
      service: alert.service ?? undefined,
      fromMs: shown.fromMs,
      toMs: shown.toMs,
      live: alert.resolvedAt === null,
    }),
  ).data;
  const chart = query.data;
  const times = useMemo(() => timesOf(chart), [chart]);
  const series = useMemo(() => seriesOf(chart), [chart]);
  const markers = useMemo<Marker[]>(() => {
    const firings = firingsOf(detail);
    const own = new Set(firings.map(({ startAt }) => Date.parse(String(startAt))));
    const others = (changes ?? []).filter(({ kind, startAt }) => kind !== 'alert' || !own.has(startAt));
    return [...others, ...firings];
  }, [changes, detail]);
  const state = stateOf(query, chart);
  const isBurn = chart?.unit === 'times';
  const more = (chart?.series.length ?? 0) - series.length;
  return (
    <Panel
      title={isBurn ? 'Burn over time' : 'Its expression over time'}
      meta={isBurn ? 'times the pace that spends the budget exactly' : undefined}
      state={state.kind === 'loading' ? { kind: 'ok' } : state}
      bodyHeight={bodyHeight}
    >
      {query.isPending ? (
        <Skeleton height={height} />
      ) : (
        <TimeSeries
          title={chart?.title ?? alertTitle(alert)}
          unit={units[chart?.unit ?? 'count']}
          times={times}
          series={series}
          height={height}
          fromMs={shown.fromMs}
          toMs={shown.toMs}
          zone={time.zone}
          threshold={chart?.threshold ?? undefined}
          markers={markers}
          onZoom={time.zoom}
          onZoomOut={time.zoomOut}
        />
      )}
      {more > 0 ? (
        <p className="faint text-sm">
          {series.length} of {series.length + more} series are drawn.
        </p>
      ) : null}
      {chart?.problem && series.length > 0 ? <Note className="mt-2">{chart.problem}</Note> : null}
    </Panel>
  );
}

/** The address decides where it names a time; else the time of the alert itself. */
function useShownRange({ alert }: AlertDetail): { fromMs: number; toMs: number } {
  const named = useSearchParams().has('from');
  const { fromMs, toMs } = useRange();
  const now = useNow(60_000);
  return named || now === null ? { fromMs, toMs } : rangeOf(alert, now);
}

function stateOf(query: Parameters<typeof panelStateOf>[0], chart: AlertChart | undefined): PanelState {
  const state = panelStateOf(query, 'Prometheus');
  if (!chart || state.kind !== 'ok' || chart.series.length > 0) return state;
  return { kind: 'noData', title: 'No chart', hint: chart.problem ?? 'The expression has no values in this time.' };
}

function timesOf(chart: AlertChart | undefined): number[] {
  if (!chart) return [];
  const from = Date.parse(chart.grid.from);
  const count = Math.max(0, ...chart.series.map(({ values }) => values.length));
  return Array.from({ length: count }, (_, index) => from + index * chart.grid.stepMs);
}

function seriesOf(chart: AlertChart | undefined): Series[] {
  const all = chart?.series.slice(0, mostSeries) ?? [];
  return all.map(({ name, values }, index) => ({
    key: `${index} ${name}`,
    label: name,
    values,
    shape: all.length === 1 ? ('area' as const) : ('line' as const),
    dashed: index >= 6,
  }));
}

/** When it fired, this time and before, and when it was over. */
function firingsOf({ alert, earlier }: AlertDetail): Marker[] {
  const title = alertTitle(alert);
  return [alert, ...earlier].flatMap(({ startsAt, resolvedAt }): Marker[] => [
    { id: `fired ${startsAt}`, kind: 'alert', startAt: startsAt, title: `${title} fires` },
    ...(resolvedAt
      ? [{ id: `ended ${startsAt}`, kind: 'note', startAt: resolvedAt, title: `${title} is resolved` }]
      : []),
  ]);
}
