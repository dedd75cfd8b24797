'use client';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { withJitter } from '#lib/core/jitter.ts';
import { type Change, changesQuery } from '#lib/facts/change-queries.ts';
import { sloHistoryQuery } from '#lib/slo/queries.ts';
import type { SloDetail, SloHistory } from '#lib/slo/schemas.ts';
import type { Annotations, Rule } from '../../charts/annotations.ts';
import type { TimeAxis } from '../../charts/time-axis.tsx';
import type { PanelState } from '../../ui/panel-state.ts';
import { panelStateOf } from '../../ui/panel-state.ts';
import { gridTimes } from './slo-series.ts';
import { useSloRange } from './use-slo-range.ts';

const noChanges: Change[] = [];
const renewMs = 60_000;

/** What all charts of an SLO are drawn from: one answer, one axis, the same marks. */
export interface HistoryView {
  history: SloHistory | undefined;
  times: number[];
  state: PanelState;
  axis: TimeAxis;
  /** Hatched exclusions and the line where generated history ends. */
  annotations: Annotations;
  /** The same without words, for the charts further down. */
  wordless: Annotations;
  /** Where generated history ends, in milliseconds, where that lies in the charts. */
  generatedUntilMs: number | null;
  isWindow: boolean;
}

/** The history of an SLO over its window or the page's time range. */
export function useHistory(slo: SloDetail): HistoryView {
  const { over, wanted, zone, zoom, zoomOut, live, paused, fromMs: rangeFrom, toMs: rangeTo } = useSloRange();
  const query = useQuery({
    ...sloHistoryQuery({ env: slo.environment, slo: slo.name, ...wanted }),
    refetchInterval: paused ? false : withJitter(renewMs),
  });
  const history = query.data;
  const fromMs = history ? Date.parse(history.grid.from) : rangeFrom;
  const toMs = history ? Date.parse(history.grid.to) : rangeTo;
  const changes =
    useQuery({
      ...changesQuery({ env: slo.environment, service: slo.service, fromMs, toMs, live }),
      enabled: history !== undefined,
    }).data ?? noChanges;
  const times = useMemo(() => (history ? gridTimes(history.grid, history.good.length) : []), [history]);
  const generated = history?.generatedUntil ? Date.parse(history.generatedUntil) : null;
  const generatedUntilMs = generated !== null && generated > fromMs && generated < toMs ? generated : null;
  const annotations = useMemo<Annotations>(() => {
    const rules: Rule[] =
      generatedUntilMs === null ? [] : [{ atMs: generatedUntilMs, label: 'measured from here', dashed: true }];
    const spans = (history?.exclusions ?? [])
      .filter(({ state }) => state === 'approved' || state === 'proposed')
      .map(({ id, from, to }) => ({ key: id, fromMs: Date.parse(from), toMs: Date.parse(to) }));
    return { rules, spans };
  }, [history, generatedUntilMs]);
  const wordless = useMemo<Annotations>(
    () => ({ ...annotations, rules: annotations.rules?.map((rule) => ({ ...rule, label: '' })) }),
    [annotations],
  );
  const axis = useMemo(
    () => ({ fromMs, toMs, zone, markers: changes, onZoom: zoom, onZoomOut: zoomOut }),
    [fromMs, toMs, zone, changes, zoom, zoomOut],
  );
  return {
    history,
    times,
    state: panelStateOf(query, 'The console'),
    axis,
    annotations,
    wordless,
    generatedUntilMs,
    isWindow: over === 'window',
  };
}
