'use client';
import { useMemo } from 'react';
import type { SloDetail } from '#lib/slo/schemas.ts';
import { TimeSeries } from '../../charts/time-series.tsx';
import type { Series } from '../../charts/types.ts';
import { budgetText, windowName } from '../words.ts';
import { HistoryPanel, noEvents } from './history-panel.tsx';
import { type BudgetLine, budgetLineOf } from './slo-series.ts';
import type { HistoryView } from './use-history.ts';

const height = 210;

/** How the budget of the window was spent, against the line that spends it evenly. */
export function BurnDownPanel({ slo, view }: { slo: SloDetail; view: HistoryView }) {
  const { history, isWindow } = view;
  const { figures } = slo;
  const line = useMemo(() => (history ? budgetLineOf(history, isWindow) : null), [history, isWindow]);
  const series = useMemo<Series[]>(() => (line ? seriesOf(line) : []), [line]);
  const left = figures?.budgetLeft;
  const name = windowName(slo.window);
  return (
    <HistoryPanel
      title={isWindow ? 'Budget left, burn-down' : 'Budget left'}
      figure={isWindow && left !== null && left !== undefined ? budgetText(left, 1) : undefined}
      meta={
        isWindow ? (
          <span className="hide-s">over {slo.window.kind === 'rolling' ? name : `this ${name}`}</span>
        ) : (
          `at each time, over ${slo.window.kind === 'rolling' ? `the ${name} before` : `its ${name} so far`}`
        )
      }
      view={view}
      empty={history && !line ? noEvents(history) : null}
      bodyHeight={height + 36}
    >
      <TimeSeries
        title="Budget left"
        unit="ratio"
        times={line?.times ?? none}
        series={series}
        height={height}
        annotations={view.annotations}
        yFloor={1}
        loading={!history}
      />
    </HistoryPanel>
  );
}

const none: number[] = [];

function seriesOf({ left, ideal }: BudgetLine): Series[] {
  const budget: Series = { key: 'left', label: 'budget left', values: left, color: 's1', shape: 'area' };
  return ideal ? [budget, { key: 'ideal', label: 'ideal', values: ideal, color: 'ink-3', dashed: true }] : [budget];
}
