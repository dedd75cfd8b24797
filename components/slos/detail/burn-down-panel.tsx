'use client';
import { useMemo } from 'react';
import type { SloDetail } from '#lib/slo/schemas.ts';
import { TimeSeries } from '../../charts/time-series.tsx';
import type { Series } from '../../charts/types.ts';
import { budgetText, windowName } from '../words.ts';
import { HistoryPanel } from './history-panel.tsx';
import { burnDownOf, hasValues } from './slo-series.ts';
import type { HistoryView } from './use-history.ts';

const height = 210;

interface Drawn {
  times: readonly number[];
  series: Series[];
  toMs: number | undefined;
}

/** How the budget of the window was spent, against the line that spends it evenly. */
export function BurnDownPanel({ slo, view }: { slo: SloDetail; view: HistoryView }) {
  const { history, isWindow } = view;
  const { figures } = slo;
  const drawn = useMemo<Drawn | null>(() => {
    if (!history) return null;
    if (isWindow) {
      const down = figures && burnDownOf(history, figures);
      return down && { times: down.times, series: seriesOf(down.left, down.ideal), toMs: down.times.at(-1) };
    }
    const times = view.times.map((at) => at + history.grid.stepMs);
    return hasValues(history.budgetLeft)
      ? { times, series: seriesOf(history.budgetLeft, null), toMs: undefined }
      : null;
  }, [history, isWindow, figures, view.times]);
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
      empty={
        history && !drawn
          ? {
              kind: 'noTraffic',
              title: 'No events in this time',
              hint: 'Without events no budget is spent, and none is earned.',
            }
          : null
      }
      bodyHeight={height + 36}
    >
      <TimeSeries
        title="Budget left"
        unit="ratio"
        times={drawn?.times ?? []}
        series={drawn?.series ?? []}
        toMs={drawn?.toMs}
        height={height}
        annotations={view.annotations}
        yFloor={1}
        loading={!history}
      />
    </HistoryPanel>
  );
}

function seriesOf(left: readonly (number | null)[], ideal: readonly number[] | null): Series[] {
  const budget: Series = { key: 'left', label: 'budget left', values: left, color: 's1', shape: 'area' };
  return ideal ? [budget, { key: 'ideal', label: 'ideal', values: ideal, color: 's4', dashed: true }] : [budget];
}
