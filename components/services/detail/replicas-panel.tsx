'use client';
import { useQuery } from '@tanstack/react-query';
import { replicasQuery } from '#lib/telemetry/queries.ts';
import type { Replica, ReplicaCount } from '#lib/telemetry/schemas.ts';
import { formatPercent, formatValue } from '../../charts/units.ts';
import { useRange } from '../../charts/use-range.ts';
import type { Column } from '../../tables/columns.ts';
import { DataTable } from '../../tables/data-table.tsx';
import { cx } from '../../ui/cx.ts';
import { useEnvironment } from '../../ui/environment.tsx';
import { formatSpan } from '../../ui/format-time.ts';
import { Link } from '../../ui/link.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { PanelState } from '../../ui/panel-state.ts';
import { Status } from '../../ui/status.tsx';
import { answerState } from '../answer-state.ts';
import { durationText, isOverErrors, rateText, shareText } from '../words.ts';

const rowHeight = 33;
const leastRows = 4;
const nothing: PanelState = {
  kind: 'empty',
  title: 'No replica is known',
  hint: 'Nothing tells of single replicas: neither a scrape target nor what runs the service.',
};
const states = { up: 'ok', down: 'failing', unknown: 'nodata' } as const;
const words = { up: 'up', down: 'down', unknown: 'not known' } as const;

const id: Column<Replica> = {
  id: 'replica',
  header: 'Replica',
  value: (row) => row.id,
  cell: (row) => (
    <span className="mono whitespace-normal [overflow-wrap:anywhere]" title={row.instance ?? undefined}>
      {row.id}
    </span>
  ),
};
const state: Column<Replica> = {
  id: 'state',
  header: 'State',
  value: (row) => row.state,
  cell: (row) => <Status state={states[row.state]} word={words[row.state]} />,
};
const version: Column<Replica> = {
  id: 'version',
  header: 'Version',
  priority: 2,
  value: (row) => row.version,
  cell: (row) => <span className="mono">{row.version ?? '–'}</span>,
};
const cpu: Column<Replica> = {
  id: 'cpu',
  header: 'CPU',
  name: 'CPU, share of a core',
  numeric: true,
  value: (row) => row.cpuRatio,
  cell: (row) => <span title="Of one core">{formatPercent(row.cpuRatio, 0)}</span>,
};
const memory: Column<Replica> = {
  id: 'memory',
  header: 'Memory',
  name: 'Memory, bytes',
  numeric: true,
  priority: 2,
  value: (row) => row.memoryBytes,
  cell: (row) => formatValue(row.memoryBytes, 'bytes'),
};
const errors: Column<Replica> = {
  id: 'errors',
  header: 'Errors',
  numeric: true,
  value: (row) => row.errorRatio,
  cell: (row) => <span className={isOverErrors(row.errorRatio) ? 'bad' : ''}>{shareText(row.errorRatio)}</span>,
};
const rate: Column<Replica> = {
  id: 'rate',
  header: 'Rate',
  numeric: true,
  priority: 2,
  value: (row) => row.rate,
  cell: (row) => (
    <>
      {rateText(row.rate)}
      {row.rate === null ? null : <span className="faint">/s</span>}
    </>
  ),
};
const restarts: Column<Replica> = {
  id: 'restarts',
  header: 'Restarts, 1 h',
  numeric: true,
  priority: 2,
  value: (row) => row.restartsLastHour,
  cell: (row) => <span className={cx(row.restartsLastHour && 'warn')}>{row.restartsLastHour ?? '–'}</span>,
};
const lag: Column<Replica> = {
  id: 'lag',
  header: 'Event loop lag, p99',
  name: 'Event loop lag, p99, ms',
  numeric: true,
  priority: 3,
  value: (row) => row.eventLoopLagMs,
  cell: (row) => durationText(row.eventLoopLagMs),
};
const uptime: Column<Replica> = {
  id: 'uptime',
  header: 'Uptime',
  name: 'Uptime, s',
  numeric: true,
  priority: 2,
  value: (row) => row.uptimeSeconds,
  cell: (row) => (row.uptimeSeconds === null ? '–' : formatSpan(row.uptimeSeconds * 1000)),
};

const few = [id, state, version, cpu, memory, errors];
const all = [id, state, version, restarts, cpu, memory, lag, rate, errors, uptime];

/** `2 of 2 ready · 1 restart in the last hour`. */
export function countsText(counts: ReplicaCount | null): string | undefined {
  if (!counts) return undefined;
  const { ready, desired, restartsLastHour } = counts;
  const restarted = restartsLastHour ?? 0;
  return [
    desired === null ? `${ready} ready` : `${ready} of ${desired} ready`,
    restarted > 0 ? `${restarted} ${restarted === 1 ? 'restart' : 'restarts'} in the last hour` : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

export interface ReplicasPanelProps {
  service: string;
  /** Only so many, with a link to the rest. */
  most?: number;
}

/** Every replica with its state and what it uses, the worst first. */
export function ReplicasPanel({ service, most }: ReplicasPanelProps) {
  const { current } = useEnvironment();
  const { wanted, renewEvery } = useRange();
  const query = useQuery({ ...replicasQuery({ env: current.name, service, ...wanted }), refetchInterval: renewEvery });
  const rows = query.data?.items ?? [];
  const answer = answerState(query);
  const shown = most === undefined ? rows : rows.slice(0, most);
  return (
    <Panel
      title="Replicas"
      meta={countsText(query.data?.counts ?? null)}
      state={query.data && rows.length === 0 ? nothing : answer.kind === 'loading' ? { kind: 'ok' } : answer}
      bodyHeight={(leastRows + 1) * rowHeight}
      flush
      actions={
        shown.length < rows.length ? (
          <Link href={`/services/${encodeURIComponent(service)}?tab=replicas`} className="link text-sm">
            All {rows.length}
          </Link>
        ) : undefined
      }
    >
      <DataTable
        caption={`Replicas of ${service}`}
        rows={shown}
        columns={most === undefined ? all : few}
        rowId={(row) => row.id}
        loadingRows={query.isPending ? leastRows : undefined}
      />
    </Panel>
  );
}
