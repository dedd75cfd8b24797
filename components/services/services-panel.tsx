'use client';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { overviewQuery } from '#lib/overview/queries.ts';
import { useRange } from '../charts/use-range.ts';
import { DataTable } from '../tables/data-table.tsx';
import { useEnvironment } from '../ui/environment.tsx';
import { Kbd } from '../ui/kbd.tsx';
import { Link } from '../ui/link.tsx';
import { Note } from '../ui/note.tsx';
import { Panel } from '../ui/panel.tsx';
import type { PanelState } from '../ui/panel-state.ts';
import { answerNotes, answerState } from './answer-state.ts';
import { serviceColumns, serviceHref, serviceId } from './columns.tsx';
import { noServices } from './no-services.ts';

/** More than these are on the page of all services; what hurts is among the first. */
const most = 60;
const rowHeight = 54;

const problemText = ({ file, line, message }: { file: string; line: number | null; message: string }) =>
  `Catalogue, ${file}${line === null ? '' : `:${line}`}: ${message}`;

/** Every service with its figures of now, the worst first. */
export function ServicesPanel() {
  const { current } = useEnvironment();
  const { paused } = useRange();
  const options = overviewQuery(current.name);
  const query = useQuery({ ...options, refetchInterval: paused ? false : options.refetchInterval });
  const list = query.data?.services ?? undefined;
  const columns = useMemo(() => serviceColumns(list?.asOf), [list?.asOf]);
  const failure = query.data?.servicesError;
  const answer = { ...query, data: list };
  const count = list?.items.length ?? 0;
  const state: PanelState = failure
    ? { kind: 'sourceDown', source: 'Prometheus', reason: failure.detail, onRetry: () => void query.refetch() }
    : list && count === 0
      ? noServices(current.name)
      : answerState(answer);
  const notes = [...answerNotes(answer), ...(query.data?.catalogProblems ?? []).map(problemText)];
  return (
    <Panel
      title="Services"
      meta="sorted by what hurts"
      state={state.kind === 'loading' ? { kind: 'ok' } : state}
      bodyHeight={4 * rowHeight}
      flush
      actions={
        <>
          {count > 0 ? (
            <span className="faint hide-s text-sm">
              <Kbd>j</Kbd> <Kbd>k</Kbd> move · <Kbd>Enter</Kbd> opens
            </span>
          ) : null}
          <Link href="/services/map" className="link text-sm">
            Map
          </Link>
          <Link href="/services" className="link text-sm">
            {count > most ? `All ${count}` : 'All'}
          </Link>
        </>
      }
    >
      <DataTable
        caption="Services, the worst first"
        className="[&_table]:table-fixed"
        rows={list?.items.slice(0, most) ?? []}
        columns={columns}
        rowId={serviceId}
        rowHref={serviceHref}
        loadingRows={query.isPending ? 5 : undefined}
        primary
      />
      {count > most ? (
        <p className="faint px-3 py-2 text-sm">
          The {most} that hurt most of {count}.{' '}
          <Link href="/services" className="link">
            See all
          </Link>
        </p>
      ) : null}
      {notes.map((note) => (
        <Note key={note} className="!rounded-none">
          {note}
        </Note>
      ))}
    </Panel>
  );
}
