'use client';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useDeferredValue, useMemo } from 'react';
import { servicesQuery } from '#lib/telemetry/queries.ts';
import type { ServiceList } from '#lib/telemetry/schemas.ts';
import { useRange } from '../charts/use-range.ts';
import { saveRows } from '../tables/columns.ts';
import { DataTable, type Sort } from '../tables/data-table.tsx';
import { Button, buttonClass } from '../ui/button.tsx';
import { useEnvironment } from '../ui/environment.tsx';
import { Link } from '../ui/link.tsx';
import { Note } from '../ui/note.tsx';
import { Panel } from '../ui/panel.tsx';
import type { PanelState } from '../ui/panel-state.ts';
import { useUrlView } from '../ui/use-url-view.ts';
import { answerNotes, answerState } from './answer-state.ts';
import { fileColumns, fullColumns, serviceHref, serviceId } from './columns.tsx';
import { ListFilter } from './list-filter.tsx';
import { choicesOf, filterServices, listViewParams, parseListView } from './list-view.ts';
import { noServices } from './no-services.ts';

const rowHeight = 54;
const leastRows = 5;
const none: ServiceList['items'] = [];

/** Every service, filtered and sorted as the address says. */
export function ServicesScreen() {
  const { current } = useEnvironment();
  const { paused } = useRange();
  const [view, setView] = useUrlView(parseListView, listViewParams);
  const options = servicesQuery(current.name);
  const query = useQuery({ ...options, refetchInterval: paused ? false : options.refetchInterval });
  const services = query.data?.items ?? none;
  const asked = useDeferredValue(view);
  const rows = useMemo(() => filterServices(services, asked), [services, asked]);
  const choices = useMemo(() => choicesOf(services), [services]);
  const columns = useMemo(() => fullColumns(query.data?.asOf), [query.data?.asOf]);
  const clear = () => setView({ q: '', owner: null, tier: null, state: null });
  const state: PanelState =
    rows.length > 0 || !query.data
      ? answerState(query)
      : services.length === 0
        ? noServices(current.name)
        : {
            kind: 'empty',
            title: 'No service matches',
            hint: `None of the ${services.length} fits the filter.`,
            action: <Button onClick={clear}>Clear the filter</Button>,
          };
  const notes = answerNotes(query);
  const onSort = useCallback((sort: Sort | null) => setView({ sort }), [setView]);
  return (
    <>
      <div className="row wrap">
        <h1 className="grow">Services</h1>
        <Link href="/services/map" className={buttonClass()}>
          Map
        </Link>
        <Button onClick={() => saveRows(`services ${current.name}`, fileColumns, rows)} disabled={rows.length === 0}>
          Save as CSV
        </Button>
      </div>
      <ListFilter view={view} choices={choices} onChange={setView} />
      <Panel
        title={countText(rows.length, services.length, query.isPending)}
        meta={view.sort ? undefined : 'sorted by what hurts'}
        actions={
          view.sort ? (
            <Button variant="quiet" size="sm" onClick={() => setView({ sort: null })}>
              Sort by what hurts
            </Button>
          ) : undefined
        }
        state={state.kind === 'loading' ? { kind: 'ok' } : state}
        bodyHeight={leastRows * rowHeight}
        flush
      >
        <DataTable
          caption="Services"
          className="[&_table]:table-fixed"
          rows={rows}
          columns={columns}
          rowId={serviceId}
          rowHref={serviceHref}
          sort={view.sort}
          onSort={onSort}
          loadingRows={query.isPending ? leastRows : undefined}
          primary
        />
        {notes.length > 0 ? <Note className="!rounded-none">{notes.join(' ')}</Note> : null}
      </Panel>
    </>
  );
}

function countText(shown: number, all: number, pending: boolean): string {
  if (pending) return 'Services';
  if (shown !== all) return `${shown} of ${all} services`;
  return all === 1 ? '1 service' : `${all} services`;
}
