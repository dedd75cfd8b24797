'use client';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { MapEdge, MapNode } from '#lib/telemetry/map-schemas.ts';
import { mapQuery } from '#lib/telemetry/queries.ts';
import { useRange } from '../../charts/use-range.ts';
import type { Column } from '../../tables/columns.ts';
import { DataTable } from '../../tables/data-table.tsx';
import { cx } from '../../ui/cx.ts';
import { useEnvironment } from '../../ui/environment.tsx';
import { formatSpan } from '../../ui/format-time.ts';
import { Link } from '../../ui/link.tsx';
import { Note } from '../../ui/note.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { PanelState } from '../../ui/panel-state.ts';
import { Status } from '../../ui/status.tsx';
import { answerState } from '../answer-state.ts';
import { edgeTraces, isOurs, mapFocus, servicePath } from '../map/map-links.ts';
import { edgeStanding, kindWord, worstFirst } from '../map/map-model.ts';
import { edgeKey } from '../map/map-view.ts';
import { durationText, isOverErrors, rateText, shareText } from '../words.ts';

export interface DependenciesPanelProps {
  service: string;
  /** Only so many of each, with a link to the rest. */
  most?: number;
}

const rowHeight = 33;
const leastRows = 4;
const noEdges: MapEdge[] = [];

/** What the service calls and who calls it, with how each call goes; from traces, the worst first. */
export function DependenciesPanel({ service, most }: DependenciesPanelProps) {
  const { current } = useEnvironment();
  const { wanted, renewEvery } = useRange();
  const query = useQuery({ ...mapQuery({ env: current.name, ...wanted }), refetchInterval: renewEvery });
  const map = query.data;
  const edges = map?.edges ?? noEdges;
  const nodes = useMemo(() => new Map(map?.nodes.map((node) => [node.id, node])), [map]);
  const calls = useMemo(() => edges.filter(({ from }) => from === service).sort(worstFirst), [edges, service]);
  const callers = useMemo(() => edges.filter(({ to }) => to === service).sort(worstFirst), [edges, service]);
  const state = stateOf(query, service, map && calls.length + callers.length === 0 ? map.notes : null);
  const shared = { service, nodes, most, loading: query.isPending };
  const notes = state.kind === 'empty' ? [] : (map?.notes ?? []);
  return (
    <Panel
      title="Dependencies"
      meta={map ? `from traces, last ${formatSpan(map.windowMs)}` : 'from traces'}
      actions={
        <Link href={mapFocus(service)} className="link text-sm">
          Map
        </Link>
      }
      state={state.kind === 'loading' ? { kind: 'ok' } : state}
      bodyHeight={(leastRows + 1) * rowHeight}
      flush
    >
      {calls.length > 0 || query.isPending ? <Calls {...shared} end="to" edges={calls} /> : null}
      {callers.length > 0 ? <Calls {...shared} end="from" edges={callers} /> : null}
      {notes.map((note) => (
        <Note key={note} tone="info" className="!rounded-none">
          {note}
        </Note>
      ))}
    </Panel>
  );
}

function stateOf(query: Parameters<typeof answerState>[0], service: string, notes: string[] | null): PanelState {
  if (notes === null) return answerState(query);
  return {
    kind: 'empty',
    title: 'No call is known',
    hint: notes.join(' ') || `No trace of this time has a call to or from ${service}.`,
  };
}

interface CallsProps {
  service: string;
  /** The end that differs from row to row. */
  end: 'from' | 'to';
  edges: readonly MapEdge[];
  nodes: ReadonlyMap<string, MapNode>;
  most: number | undefined;
  loading: boolean;
}

function Calls({ service, end, edges, nodes, most, loading }: CallsProps) {
  const columns = useMemo(() => columnsFor(end, nodes), [end, nodes]);
  const shown = most === undefined ? edges : edges.slice(0, most);
  return (
    <>
      <DataTable
        className={cx('[&_table]:table-fixed', end === 'from' && 'border-t border-line')}
        caption={end === 'to' ? `What ${service} calls` : `Who calls ${service}`}
        rows={shown}
        columns={columns}
        rowId={edgeKey}
        loadingRows={loading ? leastRows : undefined}
      />
      {shown.length < edges.length ? (
        <p className="px-3 py-2 text-sm">
          <Link href={`/services/${encodeURIComponent(service)}?tab=dependencies`} className="link">
            All {edges.length}
          </Link>
        </p>
      ) : null}
    </>
  );
}

function columnsFor(end: 'from' | 'to', nodes: ReadonlyMap<string, MapNode>): Column<MapEdge>[] {
  const name = (edge: MapEdge) => nodes.get(edge[end])?.name ?? edge[end];
  return [
    {
      id: 'name',
      header: end === 'to' ? 'Calls' : 'Called by',
      value: name,
      cell: (edge) => {
        const node = nodes.get(edge[end]);
        return (
          <span className="[overflow-wrap:anywhere] whitespace-normal">
            <Link href={node && isOurs(node) ? servicePath(node.name) : mapFocus(edge[end])} className="font-[560]">
              {name(edge)}
            </Link>
            {node && node.kind !== 'service' ? <span className="faint text-sm"> {kindWord[node.kind]}</span> : null}
          </span>
        );
      },
    },
    {
      id: 'state',
      header: 'State',
      className: 'desk:w-[104px] phone:w-[84px]',
      value: (edge) => edgeStanding(edge).word,
      cell: (edge) => <Status state={edgeStanding(edge).status} word={edgeStanding(edge).word} />,
    },
    {
      id: 'rate',
      header: 'Rate',
      numeric: true,
      className: 'desk:w-[76px] phone:w-[64px]',
      value: ({ rate }) => rate,
      cell: ({ rate }) => (
        <>
          {rateText(rate)}
          <span className="faint">/s</span>
        </>
      ),
    },
    {
      id: 'errors',
      header: 'Errors',
      numeric: true,
      className: 'desk:w-[80px] phone:w-[64px]',
      value: ({ errorRatio }) => errorRatio,
      cell: ({ errorRatio }) => <span className={isOverErrors(errorRatio) ? 'bad' : ''}>{shareText(errorRatio)}</span>,
    },
    {
      id: 'p95',
      header: 'p95',
      name: 'p95, ms',
      numeric: true,
      className: 'desk:w-[76px] phone:w-[64px]',
      value: ({ p95Ms }) => p95Ms,
      cell: ({ p95Ms }) => durationText(p95Ms),
    },
    {
      id: 'traces',
      header: <span className="sr">Traces</span>,
      name: 'Traces',
      priority: 2,
      className: 'desk:w-[64px]',
      cell: (edge) => {
        const failed = edgeStanding(edge).status === 'failing';
        const href = edgeTraces(nodes.get(edge.from), nodes.get(edge.to), failed);
        return href ? (
          <Link href={href} className="link text-sm" aria-label={`Traces with ${name(edge)}`}>
            Traces
          </Link>
        ) : null;
      },
    },
  ];
}
