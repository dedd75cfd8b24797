'use client';
import type { ReactNode } from 'react';
import type { SloHistory } from '#lib/slo/schemas.ts';
import { Panel } from '../../ui/panel.tsx';
import type { PanelState } from '../../ui/panel-state.ts';
import { quietKind } from './slo-series.ts';
import type { HistoryView } from './use-history.ts';

export interface HistoryPanelProps {
  title: string;
  meta?: ReactNode;
  figure?: ReactNode;
  actions?: ReactNode;
  view: HistoryView;
  /** Set where this chart has nothing to draw though there is an answer. */
  empty?: PanelState | null;
  bodyHeight: number;
  children: ReactNode;
}

/** A panel over the SLO's history; while it loads the chart itself keeps the place. */
export function HistoryPanel({ view, empty, ...rest }: HistoryPanelProps) {
  const state = view.state.kind === 'loading' ? undefined : view.state.kind === 'ok' && empty ? empty : view.state;
  return <Panel {...rest} state={state} />;
}

/** In place of a chart without events: nobody asked, or nobody measured. */
export function noEvents(history: Pick<SloHistory, 'coverage'>): PanelState {
  return quietKind(history) === 'noTraffic'
    ? { kind: 'noTraffic', title: 'No events in this time', hint: 'It was measured, and nothing was asked.' }
    : { kind: 'noData', title: 'Nothing was measured in this time', hint: 'Whether anything failed is not known.' };
}
