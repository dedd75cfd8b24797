'use client';
import { useQuery } from '@tanstack/react-query';
import { routesQuery } from '#lib/telemetry/queries.ts';
import type { RouteTable } from '#lib/telemetry/schemas.ts';
import { formatPercent } from '../../charts/units.ts';
import { useRange } from '../../charts/use-range.ts';
import type { Column } from '../../tables/columns.ts';
import { DataTable } from '../../tables/data-table.tsx';
import { useEnvironment } from '../../ui/environment.tsx';
import { formatSpan } from '../../ui/format-time.ts';
import { Link } from '../../ui/link.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { PanelState } from '../../ui/panel-state.ts';
import { answerState } from '../answer-state.ts';
import { durationText, isOverErrors, rateText, shareText } from '../words.ts';

type Route = RouteTable['items'][number];

const rowHeight = 33;
const leastRows = 4;
const nothing: PanelState = {
  kind: 'empty',
  title: 'No route was asked in this time',
  hint: 'Routes come from the label of the request metrics.',
};

const route: Column<Route> = {
  id: 'route',
  header: 'Route',
  value: ({ method, route: path }) => `${path} ${method ?? ''}`,
  cell: ({ method, route: path }) => (
    <span className="mono whitespace-normal [overflow-wrap:anywhere]">
      {method ? <span className="faint">{method} </span> : null}
      {path}
    </span>
  ),
};
const rate: Column<Route> = {
  id: 'rate',
  header: 'Rate',
  numeric: true,
  value: (row) => row.rate,
  cell: (row) => (
    <>
      {rateText(row.rate)}
      <span className="faint">/s</span>
    </>
  ),
};
const share: Column<Route> = {
  id: 'share',
  header: 'Share',
  numeric: true,
  priority: 3,
  value: (row) => row.share,
  cell: (row) => <span className="dim">{formatPercent(row.share, 1)}</span>,
};
const errors: Column<Route> = {
  id: 'errors',
  header: 'Errors',
  numeric: true,
  value: (row) => row.errorRatio,
  cell: (row) => <span className={isOverErrors(row.errorRatio) ? 'bad' : ''}>{shareText(row.errorRatio)}</span>,
};
const duration = (id: 'p50' | 'p95' | 'p99', priority: 1 | 2): Column<Route> => ({
  id,
  header: id,
  name: `${id}, ms`,
  numeric: true,
  priority,
  value: (row) => row[`${id}Ms`],
  cell: (row) => durationText(row[`${id}Ms`]),
});

const few = [route, rate, errors, duration('p95', 1)];
const all = [route, rate, share, errors, duration('p50', 2), duration('p95', 1), duration('p99', 2)];

export interface RoutesPanelProps {
  service: string;
  /** Only so many, with a link to the rest. */
  most?: number;
}

/** Rate, errors and duration of each route, the busiest first. */
export function RoutesPanel({ service, most }: RoutesPanelProps) {
  const { current } = useEnvironment();
  const { wanted, renewEvery } = useRange();
  const query = useQuery({ ...routesQuery({ env: current.name, service, ...wanted }), refetchInterval: renewEvery });
  const rows = query.data?.items ?? [];
  const state = answerState(query);
  const shown = most === undefined ? rows : rows.slice(0, most);
  return (
    <Panel
      title="Routes"
      meta={query.data ? `average of ${formatSpan(query.data.windowMs)}` : undefined}
      state={query.data && rows.length === 0 ? nothing : state.kind === 'loading' ? { kind: 'ok' } : state}
      bodyHeight={(leastRows + 1) * rowHeight}
      flush
      actions={
        shown.length < rows.length ? (
          <Link href={`/services/${encodeURIComponent(service)}?tab=routes`} className="link text-sm">
            All {rows.length}
          </Link>
        ) : undefined
      }
    >
      <DataTable
        caption={`Routes of ${service}`}
        rows={shown}
        columns={most === undefined ? all : few}
        rowId={(row) => `${row.method} ${row.route}`}
        loadingRows={query.isPending ? leastRows : undefined}
      />
    </Panel>
  );
}
