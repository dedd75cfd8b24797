'use client';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { serviceSlosQuery } from '#lib/slo/queries.ts';
import type { SloSummary } from '#lib/slo/schemas.ts';
import { useRange } from '../charts/use-range.ts';
import type { Column } from '../tables/columns.ts';
import { DataTable } from '../tables/data-table.tsx';
import { useEnvironment } from '../ui/environment.tsx';
import type { Zone } from '../ui/format-time.ts';
import { Link } from '../ui/link.tsx';
import { Panel } from '../ui/panel.tsx';
import { type PanelState, panelStateOf } from '../ui/panel-state.ts';
import { GeneratedFoot, generatedIn } from './list-notes.tsx';
import { BudgetFigure, NoneLeftFigure, SliFigure } from './slo-figures.tsx';
import { SloStatus } from './slo-status.tsx';
import { sloHref } from './words.ts';

const rowHeight = 52;
const leastRows = 2;

/** The SLOs of one service, the worst first. */
export function ServiceSlos({ service, generatedUntil }: { service: string; generatedUntil: string | null }) {
  const { current } = useEnvironment();
  const { paused, zone } = useRange();
  const options = serviceSlosQuery({ env: current.name, service });
  const query = useQuery({ ...options, refetchInterval: paused ? false : options.refetchInterval });
  const items = query.data?.items ?? [];
  const asOfMs = query.data ? Date.parse(query.data.asOf) : 0;
  const columns = useMemo(() => columnsFor(asOfMs, zone), [asOfMs, zone]);
  const generatedMs = generatedIn(items, generatedUntil);
  const state = panelStateOf(query, 'The console');
  const nothing: PanelState = {
    kind: 'empty',
    title: `No SLO for ${service} yet`,
    hint: 'An objective says how much may fail, pages when too much does, and tells what is left.',
    action: (
      <Link href={`/slos/new?service=${encodeURIComponent(service)}`} className="link">
        New SLO from a template
      </Link>
    ),
  };
  return (
    <Panel
      title="SLOs"
      meta={items.length > 1 ? items.length : undefined}
      state={query.data && items.length === 0 ? nothing : state.kind === 'loading' ? { kind: 'ok' } : state}
      bodyHeight={leastRows * rowHeight + 29}
      flush
      actions={
        items.length > 0 ? (
          <Link href={`/slos?service=${encodeURIComponent(service)}`} className="link text-sm">
            All
          </Link>
        ) : undefined
      }
    >
      <DataTable
        caption={`SLOs of ${service}`}
        className="[&_table]:table-fixed"
        rows={items}
        columns={columns}
        rowId={({ name }) => name}
        rowHref={({ name }) => sloHref(name)}
        loadingRows={query.isPending ? leastRows : undefined}
      />
      {generatedMs !== null ? <GeneratedFoot untilMs={generatedMs} zone={zone} nowMs={asOfMs} /> : null}
    </Panel>
  );
}

function columnsFor(asOfMs: number, zone: Zone): Column<SloSummary>[] {
  return [
    {
      id: 'slo',
      header: 'SLO',
      cell: (slo) => (
        <span className="grid">
          <Link href={sloHref(slo.name)} className="clip font-[560]" title={slo.displayName}>
            {slo.displayName}
          </Link>
          <SloStatus slo={slo} />
        </span>
      ),
    },
    {
      id: 'sli',
      header: 'SLI',
      numeric: true,
      priority: 2,
      className: 'desk:w-[96px]',
      cell: (slo) => <SliFigure slo={slo} />,
    },
    {
      id: 'budget',
      header: 'Budget left',
      className: 'desk:w-[168px] phone:w-[92px] phone:text-right',
      cell: (slo) => <BudgetFigure slo={slo} narrow />,
    },
    {
      id: 'exhausted',
      header: 'None left in',
      numeric: true,
      className: 'desk:w-[100px] phone:w-[98px]',
      cell: (slo) => <NoneLeftFigure slo={slo} asOfMs={asOfMs} zone={zone} />,
    },
  ];
}
