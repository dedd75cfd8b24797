'use client';
import type { MapEdge, MapNode } from '#lib/telemetry/map-schemas.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { Link } from '../../ui/link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Status } from '../../ui/status.tsx';
import { durationText, isOverErrors, rateText, shareText } from '../words.ts';
import { budgetStanding, type WorstBudget } from './budget.ts';
import { callText } from './figures.ts';
import { edgeTraces, endName, isOurs, serviceLogs, servicePath, serviceTraces } from './map-links.ts';
import { edgeStanding, type Graph, kindWord, nodeStanding, worstFirst } from './map-model.ts';
import { edgeKey, type Selected } from './map-view.ts';

export interface MapCardProps {
  /** All of the map, also where only a part is drawn. */
  graph: Graph;
  selected: Selected;
  focus: string | null;
  /** The worst budget of each service; null while it is not known. */
  budgets: ReadonlyMap<string, WorstBudget> | null;
  onSelect: (selected: Selected | null) => void;
  onFocus: (id: string | null) => void;
}

/** What is chosen on the map: its figures, what it touches, and where to go from here. */
export function MapCard(props: MapCardProps) {
  const { graph, selected } = props;
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  if (selected.kind === 'edge') {
    const edge = graph.edges.find(({ from, to }) => from === selected.from && to === selected.to);
    return edge ? <EdgeCard {...props} edge={edge} nodes={nodes} /> : <Gone {...props} />;
  }
  const node = nodes.get(selected.id);
  return node ? <NodeCard {...props} node={node} nodes={nodes} /> : <Gone {...props} />;
}

type Nodes = ReadonlyMap<string, MapNode>;

function Close({ onSelect }: Pick<MapCardProps, 'onSelect'>) {
  return (
    <Button size="sm" icon variant="quiet" aria-label="Close" title="Close (Esc)" onClick={() => onSelect(null)}>
      ✕
    </Button>
  );
}

function Gone(props: MapCardProps) {
  return (
    <Panel title="Not on the map" actions={<Close {...props} />}>
      <p className="dim">What was chosen is not seen in this time. A longer time may have it.</p>
    </Panel>
  );
}

function NodeCard({
  graph,
  node,
  nodes,
  focus,
  budgets,
  onSelect,
  onFocus,
}: MapCardProps & { node: MapNode; nodes: Nodes }) {
  const standing = nodeStanding(node);
  const callers = graph.edges.filter(({ to }) => to === node.id).sort(worstFirst);
  const called = graph.edges.filter(({ from }) => from === node.id).sort(worstFirst);
  const ours = isOurs(node);
  return (
    <Panel
      title={<span className="[overflow-wrap:anywhere] whitespace-normal">{node.name}</span>}
      status={<Status state={standing.status} word={standing.word} />}
      actions={<Close onSelect={onSelect} />}
    >
      <div className="grid gap-3">
        <p className="dim">
          {kindWord[node.kind]}
          {node.owner ? ` · ${node.owner}` : ''}
        </p>
        <Figures of={node} calls={node.kind === 'client'} />
        {node.kind === 'service' && budgets ? <Budget node={node} budget={budgets.get(node.name)} /> : null}
        <div className="row wrap gap-y-1">
          {focus === node.id ? (
            <Button size="sm" onClick={() => onFocus(null)}>
              Show all
            </Button>
          ) : (
            <Button size="sm" onClick={() => onFocus(node.id)}>
              Focus
            </Button>
          )}
        </div>
        {ours ? (
          <ul className="grid gap-1" aria-label={`Where to go from ${node.name}`}>
            <Go href={servicePath(node.name)}>Service page</Go>
            <Go href={serviceTraces(node.name)}>Traces</Go>
            {isOverErrors(node.errorRatio) ? <Go href={serviceTraces(node.name, true)}>Failed traces</Go> : null}
            <Go href={serviceLogs(node.name)}>Logs</Go>
          </ul>
        ) : null}
        <Calls title="Called by" edges={callers} end="from" nodes={nodes} onSelect={onSelect} />
        <Calls title="Calls" edges={called} end="to" nodes={nodes} onSelect={onSelect} />
      </div>
    </Panel>
  );
}

function Budget({ node, budget }: { node: MapNode; budget: WorstBudget | undefined }) {
  const { status, word } = budgetStanding(node, budget);
  return (
    <p className="row wrap gap-y-0">
      <Status state={status} word={word} />
      {budget ? (
        <Link href={`/slos/${encodeURIComponent(budget.slo.name)}`} className="link text-sm [overflow-wrap:anywhere]">
          {budget.slo.displayName}
          {budget.count > 1 ? `, the worst of ${budget.count} SLOs` : ''}
        </Link>
      ) : null}
    </p>
  );
}

function EdgeCard({ edge, nodes, onSelect }: MapCardProps & { edge: MapEdge; nodes: Nodes }) {
  const standing = edgeStanding(edge);
  const [from, to] = [nodes.get(edge.from), nodes.get(edge.to)];
  const traces = edgeTraces(from, to);
  const failed = isOverErrors(edge.errorRatio) ? edgeTraces(from, to, true) : null;
  return (
    <Panel
      title={
        <span className="[overflow-wrap:anywhere] whitespace-normal">
          {endName(nodes, edge, 'from')} → {endName(nodes, edge, 'to')}
        </span>
      }
      status={<Status state={standing.status} word={standing.word} />}
      actions={<Close onSelect={onSelect} />}
    >
      <div className="grid gap-3">
        <Figures of={edge} />
        <p className="faint text-sm">
          {edge.p95Ms === null
            ? 'No durations.'
            : `Durations as the ${edge.side === 'server' ? 'called one' : 'caller'} measures them.`}
          {edge.isAsync ? ' Through a queue: the caller does not wait.' : ''}
        </p>
        {standing.status === 'failing' && to?.state === 'ok' ? (
          <p className="dim">
            {to.name} itself is well: traces call a request failed by the word of either side, and a caller may take a
            refusal (4xx) or its own timeout for a failure.
          </p>
        ) : null}
        <ul className="grid gap-1" aria-label="Where to go from this call">
          {traces ? <Go href={traces}>Traces of this call</Go> : null}
          {failed ? <Go href={failed}>Failed traces of this call</Go> : null}
          {[from, to].map((node) =>
            node && isOurs(node) ? (
              <Go key={node.id} href={servicePath(node.name)}>
                {node.name}
              </Go>
            ) : null,
          )}
        </ul>
        <ul className="grid gap-1" aria-label="Ends of the call">
          {[from, to].map((node) =>
            node ? (
              <li key={node.id}>
                <Button size="sm" onClick={() => onSelect({ kind: 'node', id: node.id })}>
                  Show {node.name}
                </Button>
              </li>
            ) : null,
          )}
        </ul>
      </div>
    </Panel>
  );
}

const Go = ({ href, children }: { href: string; children: React.ReactNode }) => (
  <li className="phone:min-h-11 phone:content-center">
    <Link href={href} className="link">
      {children}
    </Link>
  </li>
);

function Figures({ of, calls }: { of: Pick<MapEdge, 'rate' | 'errorRatio' | 'p50Ms' | 'p95Ms'>; calls?: boolean }) {
  if (of.rate <= 0) return <p className="dim">{calls ? 'Takes no requests; it only calls.' : 'No traffic now.'}</p>;
  const rows = [
    { name: 'Rate', figure: `${rateText(of.rate)}/s` },
    { name: 'Errors', figure: shareText(of.errorRatio), bad: isOverErrors(of.errorRatio) },
    { name: 'p50', figure: durationText(of.p50Ms) },
    { name: 'p95', figure: durationText(of.p95Ms) },
  ];
  return (
    <dl className="grid grid-cols-4 gap-2">
      {rows.map(({ name, figure, bad }) => (
        <div key={name}>
          <dt className="faint text-sm">{name}</dt>
          <dd className={cx('font-[560]', bad && 'bad')}>{figure}</dd>
        </div>
      ))}
    </dl>
  );
}

interface CallsProps {
  title: string;
  edges: readonly MapEdge[];
  end: 'from' | 'to';
  nodes: Nodes;
  onSelect: (selected: Selected) => void;
}

const most = 12;

function Calls({ title, edges, end, nodes, onSelect }: CallsProps) {
  if (edges.length === 0) return null;
  return (
    <section>
      <h3>
        {title} <span className="faint font-normal">{edges.length}</span>
      </h3>
      <ul className="grid">
        {edges.slice(0, most).map((edge) => (
          <li key={edgeKey(edge)}>
            <button
              type="button"
              className="grid w-full gap-x-2 rounded-[4px] py-1 text-left hover:bg-sunk phone:min-h-11"
              onClick={() => onSelect({ kind: 'edge', from: edge.from, to: edge.to })}
            >
              <span className="row gap-[6px]">
                <Status state={edgeStanding(edge).status} word="" label={edgeStanding(edge).word} />
                <span className="clip">{endName(nodes, edge, end)}</span>
              </span>
              <span className="dim pl-[17px] text-sm">{callText(edge)}</span>
            </button>
          </li>
        ))}
      </ul>
      {edges.length > most ? <p className="faint text-sm">and {edges.length - most} more; the table has all</p> : null}
    </section>
  );
}
