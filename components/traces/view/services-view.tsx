'use client';
import { useMemo } from 'react';
import { type ServiceEdge, type ServiceNode, serviceGraphOf } from '#lib/traces/service-graph-rules.ts';
import { formatNumber } from '../../charts/units.ts';
import type { Column } from '../../tables/columns.ts';
import { DataTable } from '../../tables/data-table.tsx';
import { cx } from '../../ui/cx.ts';
import { Link } from '../../ui/link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { serviceColor } from '../service-colors.ts';
import { layeredLayout } from './service-layout.ts';
import { formatNs } from './span-time.ts';
import type { TraceModel } from './trace-model.ts';
import type { TraceInsight } from './use-insight.ts';
import { countText } from './words.ts';

export interface ServicesViewProps {
  model: TraceModel;
  insight: TraceInsight | null;
  onService: (service: string) => void;
}

const box = { width: 170, height: 52 };
const gap = { across: 120, down: 26 };
const edgePad = 12;

/** The services of this trace and who called whom in it. */
export function ServicesView({ model, insight, onService }: ServicesViewProps) {
  const graph = useMemo(
    () => (insight ? serviceGraphOf(model.spans, model.tree, insight.selfNs) : null),
    [model, insight],
  );
  return (
    <>
      <Panel title="Services of this trace" meta="calls, mean duration in the called service" flush bodyHeight={200}>
        {graph ? (
          <Graph model={model} {...graph} onService={onService} />
        ) : (
          <div className="p-3">
            <Skeleton height={160} />
          </div>
        )}
      </Panel>
      <Panel title="Calls" meta={graph ? String(graph.edges.length) : undefined} flush bodyHeight={80}>
        <CallTable model={model} edges={graph?.edges ?? []} loading={graph === null} />
      </Panel>
    </>
  );
}

interface GraphProps {
  model: TraceModel;
  nodes: ServiceNode[];
  edges: ServiceEdge[];
  onService: (service: string) => void;
}

function Graph({ model, nodes, edges, onService }: GraphProps) {
  const { services } = model.trace;
  const at = new Map(nodes.map(({ service }, index) => [service, index]));
  const arrows = edges.map(({ from, to }) => ({ from: at.get(from) ?? 0, to: at.get(to) ?? 0 }));
  const placed = layeredLayout(nodes.length, arrows);
  const tallest = Math.max(1, ...placed.map(({ place }) => place + 1));
  const layers = Math.max(1, ...placed.map(({ layer }) => layer + 1));
  const counts = new Map<number, number>();
  for (const { layer } of placed) counts.set(layer, (counts.get(layer) ?? 0) + 1);
  const height = tallest * (box.height + gap.down) - gap.down + 2 * edgePad + 10;
  const width = layers * (box.width + gap.across) - gap.across + 2 * edgePad;
  const corner = (index: number) => {
    const { layer = 0, place = 0 } = placed[index] ?? {};
    const own = counts.get(layer) ?? 1;
    const down = ((tallest - own) * (box.height + gap.down)) / 2;
    return { x: edgePad + layer * (box.width + gap.across), y: edgePad + down + place * (box.height + gap.down) };
  };
  return (
    <div className="trace-graph">
      <svg width={width} height={height}>
        <title>Services of this trace</title>
        <defs>
          <marker id="call-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
            <path d="M0 0L8 4L0 8z" fill="var(--ink-3)" />
          </marker>
          <marker id="call-head-bad" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
            <path d="M0 0L8 4L0 8z" fill="var(--bad)" />
          </marker>
        </defs>
        {edges.map((edge, index) => {
          const arrow = arrows[index];
          return arrow ? (
            <Call key={`${edge.from} ${edge.to}`} edge={edge} from={corner(arrow.from)} to={corner(arrow.to)} />
          ) : null;
        })}
        {nodes.map((node, index) => (
          <ServiceBox
            key={node.service}
            node={node}
            name={services[node.service] ?? ''}
            {...corner(index)}
            onOpen={onService}
          />
        ))}
      </svg>
    </div>
  );
}

function Call({ edge, from, to }: { edge: ServiceEdge; from: Point; to: Point }) {
  const isBack = to.x <= from.x;
  const start = {
    x: from.x + (isBack ? box.width / 2 : box.width),
    y: from.y + (isBack ? box.height : box.height / 2),
  };
  const end = { x: to.x + (isBack ? box.width / 2 : 0), y: to.y + (isBack ? box.height : box.height / 2) };
  const bend = isBack ? 34 : (end.x - start.x) / 2;
  const path = isBack
    ? `M${start.x} ${start.y}C${start.x} ${start.y + bend} ${end.x} ${end.y + bend} ${end.x} ${end.y}`
    : `M${start.x} ${start.y}C${start.x + bend} ${start.y} ${end.x - bend} ${end.y} ${end.x} ${end.y}`;
  const failed = edge.errors > 0;
  const words = `${formatNumber(edge.calls, 0)} ×, ${formatNs(edge.totalNs / edge.calls)}`;
  return (
    <g>
      <path
        d={path}
        fill="none"
        stroke={failed ? 'var(--bad)' : 'var(--ink-3)'}
        strokeWidth={1.2}
        strokeDasharray={edge.async ? '4 3' : undefined}
        markerEnd={`url(#call-head${failed ? '-bad' : ''})`}
      />
      <text
        className="small halo"
        x={(start.x + end.x) / 2}
        y={(start.y + end.y) / 2 - 5 + (isBack ? bend : 0)}
        textAnchor="middle"
      >
        {words}
      </text>
      {failed ? (
        <text
          className="small halo"
          x={(start.x + end.x) / 2}
          y={(start.y + end.y) / 2 + 12 + (isBack ? bend : 0)}
          textAnchor="middle"
          style={{ fill: 'var(--bad)' }}
        >
          ✕ {countText(edge.errors, 'error')}
        </text>
      ) : null}
    </g>
  );
}

interface Point {
  x: number;
  y: number;
}

function ServiceBox({
  node,
  name,
  x,
  y,
  onOpen,
}: Point & { node: ServiceNode; name: string; onOpen: (name: string) => void }) {
  return (
    <foreignObject x={x} y={y} width={box.width} height={box.height}>
      <button
        type="button"
        className={cx('service-box', node.errors > 0 && 'failed')}
        title="Mark its spans"
        onClick={() => onOpen(name)}
      >
        <span className="row gap-1.5">
          <i className="sq" style={{ background: serviceColor(name) }} />
          <b className="clip">{name}</b>
        </span>
        <span className="faint clip text-xs">
          {countText(node.spans, 'span')}, self {formatNs(node.selfNs)}
          {node.errors > 0 ? <span className="bad"> ✕ {node.errors}</span> : null}
        </span>
      </button>
    </foreignObject>
  );
}

function CallTable({ model, edges, loading }: { model: TraceModel; edges: ServiceEdge[]; loading: boolean }) {
  const { services } = model.trace;
  const name = (service: number) => services[service] ?? '';
  const linked = (service: number) => (
    <Link href={`/services/${encodeURIComponent(name(service))}`} className="link">
      {name(service)}
    </Link>
  );
  const columns: Column<ServiceEdge>[] = [
    { id: 'from', header: 'From', value: (row) => name(row.from), cell: (row) => linked(row.from) },
    { id: 'to', header: 'To', value: (row) => name(row.to), cell: (row) => linked(row.to) },
    {
      id: 'calls',
      header: 'Calls',
      numeric: true,
      value: (row) => row.calls,
      cell: (row) => formatNumber(row.calls, 0),
    },
    {
      id: 'errors',
      header: 'Errors',
      numeric: true,
      value: (row) => row.errors,
      cell: (row) => (row.errors > 0 ? <span className="bad">✕ {row.errors}</span> : '0'),
    },
    {
      id: 'mean',
      header: 'Mean',
      name: 'Mean duration, ns',
      numeric: true,
      value: (row) => row.totalNs / row.calls,
      cell: (row) => formatNs(row.totalNs / row.calls),
    },
    {
      id: 'max',
      header: 'Max',
      name: 'Max, longest duration, ns',
      numeric: true,
      priority: 2,
      value: (row) => row.maxNs,
      cell: (row) => formatNs(row.maxNs),
    },
    {
      id: 'kind',
      header: 'Kind',
      priority: 2,
      value: (row) => (row.async ? 'asynchronous' : 'waited for'),
      cell: (row) => (row.async ? 'asynchronous' : 'waited for'),
    },
  ];
  return (
    <DataTable
      caption="Calls between the services of this trace"
      rows={edges}
      columns={columns}
      rowId={(row) => `${row.from} ${row.to}`}
      loadingRows={loading ? 3 : undefined}
      empty={<span className="faint">One service, which called no other.</span>}
    />
  );
}
