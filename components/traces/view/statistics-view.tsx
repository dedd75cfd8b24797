'use client';
import { useMemo } from 'react';
import type { SpanStatistic } from '#lib/traces/schemas.ts';
import { statisticsOf } from '#lib/traces/statistics-rules.ts';
import { formatNumber, formatPercent } from '../../charts/units.ts';
import { type Column, saveRows } from '../../tables/columns.ts';
import { DataTable } from '../../tables/data-table.tsx';
import { Button } from '../../ui/button.tsx';
import { Meter } from '../../ui/meter.tsx';
import { Panel } from '../../ui/panel.tsx';
import { serviceColor } from '../service-colors.ts';
import { formatNs } from './span-time.ts';
import type { TraceModel } from './trace-model.ts';
import type { TraceViewState } from './trace-url.ts';
import type { TraceInsight } from './use-insight.ts';
import type { ChangeView } from './use-trace-view.ts';

export interface StatisticsViewProps {
  model: TraceModel;
  insight: TraceInsight | null;
  state: TraceViewState;
  change: ChangeView;
  /** Marks the spans of a row and shows the first. */
  onRow: (row: SpanStatistic) => void;
}

const time = (
  id: 'total' | 'p50' | 'p95' | 'max',
  header: string,
  name: string,
  of: (row: SpanStatistic) => number,
  priority?: 2 | 3,
): Column<SpanStatistic> => ({
  id,
  header,
  name: `${name}, ns`,
  numeric: true,
  priority,
  value: of,
  cell: (row) => formatNs(of(row)),
});

function columnsOf(by: TraceViewState['by'], totalSelfNs: number): Column<SpanStatistic>[] {
  const named: Column<SpanStatistic>[] = [
    {
      id: 'service',
      header: 'Service',
      value: (row) => row.service,
      cell: (row) => (
        <span className="row gap-1.5">
          <i className="sq" style={{ background: serviceColor(row.service) }} />
          <span className="[overflow-wrap:anywhere]">{row.service}</span>
        </span>
      ),
    },
  ];
  if (by === 'operation') {
    named.push({
      id: 'operation',
      header: 'Operation',
      value: (row) => row.name,
      cell: (row) => <span className="[overflow-wrap:anywhere]">{row.name}</span>,
    });
  }
  return [
    ...named,
    {
      id: 'count',
      header: 'Spans',
      numeric: true,
      priority: 2,
      value: (row) => row.count,
      cell: (row) => formatNumber(row.count, 0),
    },
    {
      id: 'errors',
      header: 'Errors',
      numeric: true,
      value: (row) => row.errors,
      cell: (row) => (row.errors > 0 ? <span className="bad">✕ {formatNumber(row.errors, 0)}</span> : '0'),
    },
    time('total', 'Total', 'Total duration', (row) => row.totalNs, 2),
    {
      id: 'self',
      header: 'Self',
      name: 'Self time, ns',
      numeric: true,
      value: (row) => row.selfNs,
      cell: (row) => {
        const share = totalSelfNs > 0 ? row.selfNs / totalSelfNs : 0;
        return (
          <span className="cell" title={`${formatPercent(share, 1)} of all self time`}>
            <span className="hide-s">
              <Meter ratio={share} label={`${formatPercent(share, 1)} of all self time`} />
            </span>
            <span className="inline-block min-w-[56px]">{formatNs(row.selfNs)}</span>
          </span>
        );
      },
    },
    time('p50', 'p50', 'p50, median duration', (row) => row.p50Ns, 3),
    time('p95', 'p95', 'p95 of durations', (row) => row.p95Ns, 2),
    time('max', 'Max', 'Max, longest duration', (row) => row.maxNs, 3),
  ];
}

/** Counts, errors and times by operation or by service. A row leads to its spans. */
export function StatisticsView({ model, insight, state, change, onRow }: StatisticsViewProps) {
  const { by, sort } = state;
  const { trace, spans } = model;
  const statistics = useMemo(
    () => (insight ? statisticsOf({ services: trace.services, names: trace.names, spans }, insight.selfNs) : null),
    [trace, spans, insight],
  );
  const rows = statistics === null ? [] : by === 'service' ? statistics.services : statistics.operations;
  const columns = useMemo(() => {
    const all = statistics?.services.reduce((sum, { selfNs }) => sum + selfNs, 0) ?? 0;
    return columnsOf(by, all);
  }, [statistics, by]);
  return (
    <Panel
      title="Statistics"
      meta="self: time in which no child ran"
      flush
      bodyHeight={320}
      actions={
        <>
          {/* biome-ignore lint/a11y/useSemanticElements: a fieldset has no such look */}
          <span className="choice trace-rows-choice" role="group" aria-label="Rows">
            {(['operation', 'service'] as const).map((one) => (
              <button key={one} type="button" aria-pressed={by === one} onClick={() => change({ by: one })}>
                by {one}
              </button>
            ))}
          </span>
          <Button
            size="sm"
            variant="quiet"
            className="hide-s"
            onClick={() => saveRows(`trace ${trace.traceId} by ${by}`, columns, rows)}
          >
            CSV
          </Button>
        </>
      }
    >
      <DataTable
        caption={`Statistics of the trace by ${by}`}
        rows={rows}
        columns={columns}
        rowId={(row) => `${row.service}\n${row.name ?? ''}`}
        onOpen={onRow}
        sort={sort === null ? null : { column: sort.replace('-', ''), descending: sort.startsWith('-') }}
        onSort={(next) => change({ sort: next ? `${next.descending ? '-' : ''}${next.column}` : null })}
        loadingRows={statistics === null ? 8 : undefined}
        primary
      />
    </Panel>
  );
}
