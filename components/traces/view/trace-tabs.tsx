'use client';
import { useSearchParams } from 'next/navigation';
import type { MouseEvent } from 'react';
import { type TraceView, type TraceViewState, writeTraceView } from './trace-url.ts';
import type { ChangeView } from './use-trace-view.ts';

export interface TraceTabsProps {
  traceId: string;
  state: TraceViewState;
  change: ChangeView;
  /** Lines of log; null while they are not known. */
  logs: string | null;
}

const labels: Record<TraceView, string> = {
  waterfall: 'Waterfall',
  flame: 'Flame graph',
  statistics: 'Statistics',
  services: 'Services',
  logs: 'Logs',
  compare: 'Comparison',
};
const views = Object.keys(labels) as TraceView[];

/** The ways of looking at the trace. They are links, but the page stays: the trace is there already. */
export function TraceTabs({ traceId, state, change, logs }: TraceTabsProps) {
  const params = useSearchParams();
  const onClick = (event: MouseEvent, view: TraceView) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    change({ view });
  };
  const shown = views.filter((view) => view !== 'compare' || state.with !== null || state.view === 'compare');
  return (
    <nav className="tabs" aria-label="Ways of looking at the trace">
      {shown.map((view) => {
        const query = writeTraceView(params, { ...state, view }).toString();
        return (
          <a
            key={view}
            href={`/traces/${traceId}${query === '' ? '' : `?${query}`}`}
            aria-current={view === state.view ? 'page' : undefined}
            onClick={(event) => onClick(event, view)}
          >
            {labels[view]}
            {view === 'logs' && logs !== null ? <span className="faint"> {logs}</span> : null}
          </a>
        );
      })}
    </nav>
  );
}
