'use client';
import { useMemo } from 'react';
import type { MapEdge, MapNode } from '#lib/telemetry/map-schemas.ts';
import type { Column } from '../../tables/columns.ts';
import { DataTable } from '../../tables/data-table.tsx';
import { Link } from '../../ui/link.tsx';
import { Panel } from '../../ui/panel.tsx';
import type { PanelState } from '../../ui/panel-state.ts';
import { Status } from '../../ui/status.tsx';
import { durationText, isOverErrors, rateText, shareText } from '../words.ts';
import { budgetStanding, type WorstBudget } from './budget.ts';
import { edgeTraces, isOurs, servicePath } from './map-links.ts';
import { edgeStanding, type Graph, kindWord, nodeStanding, worstFirst, worstNodesFirst } from './map-model.ts';
import { edgeKey, type Selected } from './map-view.ts';

export interface MapTableProps {
  graph: Graph;
  state: PanelState;
  loading: boolean;
  /** Over how long figures are averaged, in words. */
  window: string | null;
  selected: Selected | null;
  /** The worst budget of each service; null while it is not known. */
  budgets: ReadonlyMap<string, WorstBudget> | null;
  onSelect: (selected: Selected) => void;
}

const leastRows = 5;
const rowHeight = 33;

type Figures = Pick<MapEdge, 'rate' | 'errorRatio' | 'p50Ms' | 'p95Ms'>;

const figureColumns = <Row extends Figures>(): Column<Row>[] => [
  {
    id: 'rate',
    header: 'Rate',
    name: 'Rate, requests per second',
    numeric: true,
    value: ({ rate }) => rate,
    cell: ({ rate }) =>
      rate > 0 ? (
        <>
          {rateText(rate)}
          <span className="faint">/s</span>
        </>
      ) : (
        <span className="dim">none</span>
      ),
  },
  {
    id: 'errors',
    header: 'Errors',
    numeric: true,
    value: ({ errorRatio }) => errorRatio,
    cell: ({ errorRatio }) =>
      isOverErrors(errorRatio) ? (
        <span className="bad inline-flex items-center gap-1">
          <Status state="failing" word="" label="failing" className="show-s" />
          {shareText(errorRatio)}
        </span>
      ) : (
        shareText(errorRatio)
      ),
  },
  {
    id: 'p50',
    header: 'p50',
    name: 'p50, ms',
    numeric: true,
    priority: 3,
    value: ({ p50Ms }) => p50Ms,
    cell: ({ p50Ms }) => <span className="dim">{durationText(p50Ms)}</span>,
  },
  {
    id: 'p95',
    header: 'p95',
    name: 'p95, ms',
    numeric: true,
    value: ({ p95Ms }) => p95Ms,
    cell: ({ p95Ms }) => durationText(p95Ms),
  },
];

/** The map in words and figures: every call and everything on it, the worst first. */
export function MapTable({ graph, state, loading, window, selected, budgets, onSelect }: MapTableProps) {
  const { nodes, edges } = graph;
  const byId = useMemo(() => new Map(nodes.map((node) => [node.id, node])), [nodes]);
  const calls = useMemo(() => [...edges].sort(worstFirst), [edges]);
  const things = useMemo(() => [...nodes].sort(worstNodesFirst), [nodes]);
  const callColumns = useMemo(() => columnsOfCalls(byId), [byId]);
  const thingColumns = useMemo(() => columnsOfThings(edges, budgets), [edges, budgets]);
  const selectedId = selected?.kind === 'edge' ? edgeKey(selected) : selected?.id;
  const shared = { state, bodyHeight: leastRows * rowHeight, flush: true };
  return (
    <div className="stack">
      <Panel
        title="Calls"
        meta={window === null ? undefined : `${calls.length}, the worst first · ${window}`}
        {...shared}
      >
        <DataTable
          caption="Calls between services"
          rows={calls}
          columns={callColumns}
          rowId={edgeKey}
          onOpen={({ from, to }) => onSelect({ kind: 'edge', from, to })}
          selectedId={selectedId}
          loadingRows={loading ? leastRows : undefined}
          empty="No call is known."
          primary
        />
      </Panel>
      <Panel
        title="What is on the map"
        meta={window === null ? undefined : `${things.length}, the worst first`}
        {...shared}
      >
        <DataTable
          caption="Services, databases and others on the map"
          rows={things}
          columns={thingColumns}
          rowId={({ id }) => id}
          onOpen={({ id }) => onSelect({ kind: 'node', id })}
          selectedId={selectedId}
          loadingRows={loading ? leastRows : undefined}
        />
      </Panel>
    </div>
  );
}

function Name({ node, id }: { node: MapNode | undefined; id: string }) {
  if (!node) return <span className="clip">{id}</span>;
  if (!isOurs(node)) return <span className="[overflow-wrap:break-word] whitespace-normal">{node.name}</span>;
  return (
    <Link href={servicePath(node.name)} className="font-[560] [overflow-wrap:break-word] whitespace-normal">
      {node.name}
    </Link>
  );
}

function columnsOfCalls(nodes: ReadonlyMap<string, MapNode>): Column<MapEdge>[] {
  const name = (id: string) => nodes.get(id)?.name ?? id;
  return [
    {
      id: 'caller',
      header: 'Caller',
      value: ({ from }) => name(from),
      cell: ({ from }) => <Name node={nodes.get(from)} id={from} />,
    },
    {
      id: 'called',
      header: 'Called',
      value: ({ to }) => name(to),
      cell: ({ to }) => <Name node={nodes.get(to)} id={to} />,
    },
    {
      id: 'state',
      header: 'State',
      priority: 2,
      value: (edge) => edgeStanding(edge).word,
      cell: (edge) => <Status state={edgeStanding(edge).status} word={edgeStanding(edge).word} />,
    },
    ...figureColumns<MapEdge>(),
    {
      id: 'traces',
      header: <span className="sr">Traces</span>,
      name: 'Traces',
      priority: 2,
      cell: (edge) => {
        const href = edgeTraces(nodes.get(edge.from), nodes.get(edge.to), edgeStanding(edge).status === 'failing');
        return href ? (
          <Link href={href} className="link text-sm" aria-label={`Traces of ${name(edge.from)} to ${name(edge.to)}`}>
            Traces
          </Link>
        ) : null;
      },
    },
  ];
}

function columnsOfThings(edges: readonly MapEdge[], budgets: MapTableProps['budgets']): Column<MapNode>[] {
  const budgetOf = ({ kind, name }: MapNode) => (kind === 'service' ? budgets?.get(name) : undefined);
  const count = (end: 'from' | 'to') => {
    const all = new Map<string, number>();
    for (const edge of edges) all.set(edge[end], (all.get(edge[end]) ?? 0) + 1);
    return all;
  };
  const [called, callers] = [count('from'), count('to')];
  return [
    {
      id: 'name',
      header: 'Name',
      value: ({ name }) => name,
      cell: (node) => (
        <span className="grid justify-items-start">
          <Name node={node} id={node.id} />
          <span className="show-s">
            <Status state={nodeStanding(node).status} word={nodeStanding(node).word} />
          </span>
        </span>
      ),
    },
    {
      id: 'kind',
      header: 'Kind',
      priority: 2,
      value: ({ kind }) => kindWord[kind],
      cell: ({ kind }) => <span className="dim">{kindWord[kind]}</span>,
    },
    {
      id: 'state',
      header: 'State',
      priority: 2,
      value: (node) => nodeStanding(node).word,
      cell: (node) => <Status state={nodeStanding(node).status} word={nodeStanding(node).word} />,
    },
    {
      id: 'callers',
      header: 'Called by',
      numeric: true,
      priority: 3,
      value: ({ id }) => callers.get(id) ?? 0,
      cell: ({ id }) => callers.get(id) ?? 0,
    },
    {
      id: 'calls',
      header: 'Calls',
      numeric: true,
      priority: 3,
      value: ({ id }) => called.get(id) ?? 0,
      cell: ({ id }) => called.get(id) ?? 0,
    },
    ...figureColumns<MapNode>(),
    {
      id: 'budget',
      header: 'Budget left',
      name: 'Budget left, of the worst SLO',
      priority: 2,
      firstSort: 'ascending',
      value: (node) => budgetOf(node)?.left,
      cell: (node) => {
        if (!budgets) return <span className="faint">–</span>;
        const budget = budgetOf(node);
        const { status, word } = budgetStanding(node, budget);
        return budget ? (
          <Link href={`/slos/${encodeURIComponent(budget.slo.name)}`} title={budget.slo.displayName}>
            <Status state={status} word={word} />
          </Link>
        ) : (
          <span className="faint">{word}</span>
        );
      },
    },
    {
      id: 'owner',
      header: 'Owner',
      priority: 3,
      value: ({ owner }) => owner,
      cell: ({ owner }) => <span className="dim">{owner ?? '–'}</span>,
    },
  ];
}
