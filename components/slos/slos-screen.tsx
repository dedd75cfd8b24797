'use client';
import './slos.css';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useDeferredValue, useMemo, useState } from 'react';
import type { Role } from '#lib/core/actor.ts';
import { slosQuery } from '#lib/slo/queries.ts';
import type { SloList } from '#lib/slo/schemas.ts';
import { useRange } from '../charts/use-range.ts';
import { saveRows } from '../tables/columns.ts';
import { DataTable, type Sort } from '../tables/data-table.tsx';
import { Button } from '../ui/button.tsx';
import { useEnvironment } from '../ui/environment.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { Note } from '../ui/note.tsx';
import { Panel } from '../ui/panel.tsx';
import { type PanelState, panelStateOf } from '../ui/panel-state.ts';
import { useUrlView } from '../ui/use-url-view.ts';
import { FileProblems, GeneratedNote, generatedIn } from './list-notes.tsx';
import { choicesOf, filterSlos, type ListRow, listViewParams, noFilter, parseListView, rowsOf } from './list-view.ts';
import { NewSloButtons } from './new-slo-buttons.tsx';
import { fileColumns, listColumns, rowHref, rowId } from './slo-columns.tsx';
import { SloFilter, StateCounts } from './slo-filter.tsx';

const rowHeight = 52;
const leastRows = 5;
const none: SloList['items'] = [];

export interface SlosScreenProps {
  role: Role;
  /** Figures before this are generated, as RFC 3339; null where all are measured. */
  generatedUntil: string | null;
}

/** Every SLO by time to exhaustion, filtered, grouped and sorted as the address says. */
export function SlosScreen({ role, generatedUntil }: SlosScreenProps) {
  const { current } = useEnvironment();
  const { paused, zone } = useRange();
  const [view, setView] = useUrlView(parseListView, listViewParams);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const options = slosQuery(current.name);
  const query = useQuery({ ...options, refetchInterval: paused ? false : options.refetchInterval });
  const slos = query.data?.items ?? none;
  const asked = useDeferredValue(view);
  const shown = useMemo(() => filterSlos(slos, asked), [slos, asked]);
  const rows = useMemo(() => rowsOf(shown, asked.group, closed), [shown, asked.group, closed]);
  const choices = useMemo(() => choicesOf(slos, asked), [slos, asked]);
  const asOfMs = query.data ? Date.parse(query.data.asOf) : 0;
  const grouped = view.group !== null;
  const columns = useMemo(() => listColumns({ asOfMs, zone, grouped }), [asOfMs, zone, grouped]);
  const onSort = useCallback((sort: Sort | null) => setView({ sort }), [setView]);
  const toggle = useCallback(
    (row: ListRow) =>
      row.kind === 'group' &&
      setClosed((before) => {
        const next = new Set(before);
        if (!next.delete(row.id)) next.add(row.id);
        return next;
      }),
    [],
  );
  const state = stateOf(query, {
    shown: shown.length,
    clear: () => setView(noFilter),
    environment: current.name,
    role,
  });
  const generatedMs = generatedIn(slos, generatedUntil);
  return (
    <>
      <div className="row wrap">
        <h1 className="grow">SLOs</h1>
        <NewSloButtons role={role} />
        <Button
          className="hide-s"
          onClick={() => saveRows(`slos ${current.name}`, fileColumns, shown)}
          disabled={shown.length === 0}
        >
          Save as CSV
        </Button>
      </div>
      {slos.length > 0 ? (
        <>
          <StateCounts view={view} choices={choices} onChange={setView} />
          <SloFilter view={view} choices={choices} onChange={setView} />
        </>
      ) : null}
      <FileProblems problems={query.data?.fileProblems ?? []} />
      {query.data?.liveError ? (
        <Note>
          Burn rates of now are missing: {query.data.liveError.replace(/\.$/, '')}. Budgets stand as the ledger has
          them.
        </Note>
      ) : null}
      <Panel
        title={countText(shown.length, slos.length, query.isPending)}
        meta={view.sort ? undefined : 'by time to exhaustion'}
        actions={
          view.sort ? (
            <Button variant="quiet" size="sm" onClick={() => setView({ sort: null })}>
              By time to exhaustion
            </Button>
          ) : shown.length > 0 ? (
            <span className="faint hide-s text-sm">
              <Kbd>j</Kbd> <Kbd>k</Kbd> move · <Kbd>Enter</Kbd> opens
            </span>
          ) : undefined
        }
        state={state.kind === 'loading' ? { kind: 'ok' } : state}
        bodyHeight={leastRows * rowHeight}
        flush
      >
        <DataTable
          caption={grouped ? 'SLOs in groups, the worst first' : 'SLOs'}
          className="slos-table [&_table]:table-fixed"
          rows={rows}
          columns={columns}
          rowId={rowId}
          rowHref={rowHref}
          onOpen={toggle}
          sort={grouped ? null : view.sort}
          onSort={onSort}
          loadingRows={query.isPending ? leastRows : undefined}
          primary
        />
      </Panel>
      {generatedMs !== null ? <GeneratedNote untilMs={generatedMs} zone={zone} nowMs={asOfMs} /> : null}
    </>
  );
}

interface StateContext {
  shown: number;
  clear: () => void;
  environment: string;
  role: Role;
}

function stateOf(
  query: Parameters<typeof panelStateOf>[0] & { data: SloList | undefined },
  { shown, clear, environment, role }: StateContext,
): PanelState {
  const state = panelStateOf(query, 'The console');
  if (!query.data || shown > 0) return state;
  if (query.data.items.length > 0) {
    return {
      kind: 'empty',
      title: 'No SLO matches',
      hint: `None of the ${query.data.items.length} fits the filter.`,
      action: <Button onClick={clear}>Clear the filter</Button>,
    };
  }
  return {
    kind: 'empty',
    title: `No SLO in ${environment} yet`,
    hint: 'Pick a service and a template that fits how it is measured, import OpenSLO v1, or put a file into deploy/slos: it is loaded as soon as it is there.',
    action: (
      <span className="row wrap">
        <NewSloButtons role={role} first />
      </span>
    ),
  };
}

function countText(shown: number, all: number, pending: boolean): string {
  if (pending) return 'SLOs';
  if (shown !== all) return `${shown} of ${all} SLOs`;
  return all === 1 ? '1 SLO' : `${all} SLOs`;
}
