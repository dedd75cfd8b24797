'use client';
import { useMemo } from 'react';
import type { SloDetail } from '#lib/slo/schemas.ts';
import { MarkerLegend } from '../../charts/marker-legend.tsx';
import { TimeAxisProvider } from '../../charts/time-axis.tsx';
import { formatDateTime, type Zone, zoneWord } from '../../ui/format-time.ts';
import { windowName } from '../words.ts';
import { BurnCharts } from './burn-charts.tsx';
import { BurnDownPanel } from './burn-down-panel.tsx';
import { BurnTable } from './burn-table.tsx';
import { ExclusionsPanel, type Me } from './exclusions-panel.tsx';
import { ForecastPanel } from './forecast-panel.tsx';
import { Headline } from './headline.tsx';
import { MeasuredPanel } from './measured-panel.tsx';
import { PolicyPanel } from './policy-panel.tsx';
import { CoveragePanel, EventsPanels, SliPanel } from './sli-panel.tsx';
import { type HistoryView, useHistory } from './use-history.ts';
import { useSloRange } from './use-slo-range.ts';

const markerKinds = ['deploy', 'scaling', 'alert', 'config', 'fault', 'incident'] as const;

export interface OverviewTabProps {
  slo: SloDetail;
  zone: Zone;
  nowMs: number;
  me: Me;
}

/** Figures of now, how they came about, where they lead, and what follows from them. */
export function OverviewTab({ slo, zone, nowMs, me }: OverviewTabProps) {
  const view = useHistory(slo);
  const shared = { slo, zone, nowMs };
  return (
    <TimeAxisProvider axis={view.axis}>
      <Headline {...shared} />
      <ChartsBar slo={slo} view={view} zone={zone} nowMs={nowMs} />
      <div className="grid items-start gap-3 min-[1081px]:grid-cols-[minmax(0,1fr)_300px] min-[1081px]:grid-rows-[auto_1fr]">
        <div className="stack">
          <BurnDownPanel slo={slo} view={view} />
          <BurnTable {...shared} />
          <ForecastPanel {...shared} />
        </div>
        <div className="stack min-[1081px]:row-span-2">
          <PolicyPanel slo={slo} />
          <ExclusionsPanel {...shared} me={me} />
          <MeasuredPanel {...shared} />
        </div>
        <div className="stack">
          <SliPanel slo={slo} view={view} />
          <EventsPanels slo={slo} view={view} />
          <BurnCharts slo={slo} view={view} />
          <CoveragePanel view={view} />
        </div>
      </div>
    </TimeAxisProvider>
  );
}

interface ChartsBarProps {
  slo: SloDetail;
  view: HistoryView;
  zone: Zone;
  nowMs: number;
}

/** Over which time the charts go, and what their marks mean. */
function ChartsBar({ slo, view, zone, nowMs }: ChartsBarProps) {
  const { over, setOver, fromMs, toMs } = useSloRange();
  const { axis, generatedUntilMs, annotations } = view;
  const kinds = useMemo(
    () => markerKinds.filter((kind) => axis.markers?.some((marker) => marker.kind === kind)),
    [axis.markers],
  );
  const range = `${formatDateTime(fromMs, zone, false, nowMs)} to ${formatDateTime(toMs, zone, false, nowMs)}`;
  return (
    <div className="row wrap gap-y-1">
      <fieldset className="choice" aria-label="Charts over">
        <button type="button" aria-pressed={over === 'window'} onClick={() => setOver('window')}>
          {slo.window.kind === 'rolling' ? `The window, ${windowName(slo.window)}` : `This ${windowName(slo.window)}`}
        </button>
        <button type="button" aria-pressed={over === 'range'} onClick={() => setOver('range')}>
          Time range of the page
        </button>
      </fieldset>
      {over === 'range' ? (
        <span className="dim text-sm">
          {range} {zoneWord(zone)}
        </span>
      ) : null}
      <span className="grow" />
      <ul className="legend" aria-label="Marks of the charts">
        {annotations.spans?.length ? (
          <li>
            <svg width="16" height="12" aria-hidden="true" stroke="var(--ink-3)">
              <path d="M1 1l10 10M6 1l9 9M11 1l4 4M1 6l5 5" strokeWidth="1.4" opacity=".8" />
            </svg>
            excluded, or proposed so
          </li>
        ) : null}
        {generatedUntilMs !== null ? (
          <li>
            <svg width="16" height="12" aria-hidden="true">
              <path d="M8 0v12" stroke="var(--ink-2)" strokeDasharray="4 2" strokeWidth="1.4" />
            </svg>
            generated history before {formatDateTime(generatedUntilMs, zone, false, nowMs)}
          </li>
        ) : null}
      </ul>
      {kinds.length > 0 ? <MarkerLegend kinds={kinds} /> : null}
    </div>
  );
}
