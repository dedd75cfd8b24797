'use client';
import { memo } from 'react';
import type { MapEdge } from '#lib/telemetry/map-schemas.ts';
import { cx } from '../../ui/cx.ts';
import { Status } from '../../ui/status.tsx';
import { callText, percentText, perSecond } from './figures.ts';
import type { Layout } from './layout.ts';
import { useLit } from './lit.tsx';
import { edgeStanding, edgeWidth } from './map-model.ts';
import { edgeKey } from './map-view.ts';
import { alongRoute, curve, type Drawn } from './paths.ts';

export interface EdgeHandlers {
  onPoint: (edge: MapEdge | null) => void;
  onSelect: (edge: MapEdge) => void;
}

/** How an edge is drawn in a layout; null while one of its ends has no place. */
export function drawnIn({ positions, routes }: Layout, edge: MapEdge): Drawn | null {
  const route = routes.get(edgeKey(edge));
  if (route) return alongRoute(route);
  const [from, to] = [positions.get(edge.from), positions.get(edge.to)];
  return from && to ? curve(from, to) : null;
}

const heads = ['plain', 'failing', 'forward'] as const;

/**
 * All calls as one drawing behind the nodes: width by rate, colour by failures. It stays as it is while one points at
 * things; what is brought forward is drawn once more above it.
 */
export function MapEdges({ edges, layout, ...on }: { edges: readonly MapEdge[]; layout: Layout } & EdgeHandlers) {
  return (
    <svg className="map-edges all" aria-hidden="true">
      <defs>
        {heads.map((head) => (
          <marker
            key={head}
            id={`map-head-${head}`}
            className={`map-head ${head}`}
            viewBox="0 0 10 10"
            refX="9"
            refY="5"
            markerWidth="9"
            markerHeight="9"
            markerUnits="userSpaceOnUse"
            orient="auto-start-reverse"
          >
            <path d="M0 1l10 4-10 4z" />
          </marker>
        ))}
      </defs>
      {edges.map((edge) => (
        <EdgeLine key={edgeKey(edge)} edge={edge} layout={layout} {...on} />
      ))}
    </svg>
  );
}

/** The calls that are brought forward. */
export function ForwardEdges({ edges, layout }: { edges: readonly MapEdge[]; layout: Layout }) {
  const keys = useLit((lit) => lit.edges);
  if (!keys || keys.size === 0) return null;
  return (
    <svg className="map-edges" aria-hidden="true">
      {edges
        .filter((edge) => keys.has(edgeKey(edge)))
        .map((edge) => (
          <EdgeLine key={edgeKey(edge)} edge={edge} layout={layout} isForward />
        ))}
    </svg>
  );
}

type EdgeLineProps = { edge: MapEdge; layout: Layout; isForward?: boolean } & Partial<EdgeHandlers>;

const EdgeLine = memo(
  function EdgeLine({ edge, layout, isForward, onPoint, onSelect }: EdgeLineProps) {
    const drawn = drawnIn(layout, edge);
    if (!drawn) return null;
    const { status } = edgeStanding(edge);
    const head = status === 'failing' ? 'failing' : isForward ? 'forward' : 'plain';
    return (
      <g className={cx('map-edge', status, isForward && 'forward', edge.isAsync && 'async')}>
        <path d={drawn.d} strokeWidth={edgeWidth(edge.rate)} markerEnd={`url(#map-head-${head})`} className="line" />
        {onSelect ? (
          // biome-ignore lint/a11y/noStaticElementInteractions: keys reach the same through the nodes and the table
          <path
            d={drawn.d}
            className="hit"
            onPointerEnter={({ buttons }) => buttons === 0 && onPoint?.(edge)}
            onPointerLeave={() => onPoint?.(null)}
            onClick={() => onSelect(edge)}
          />
        ) : null}
      </g>
    );
  },
  (a, b) =>
    a.layout === b.layout &&
    a.edge.rate === b.edge.rate &&
    a.edge.errorRatio === b.edge.errorRatio &&
    a.edge.p95Ms === b.edge.p95Ms &&
    a.edge.isAsync === b.edge.isAsync,
);

export interface EdgeLabelProps {
  edge: MapEdge;
  layout: Layout;
  /** `failures` says the share that fails; `chosen` the rate where none does; `whole` everything. */
  detail: 'failures' | 'chosen' | 'whole';
  /** Against the zoom, so that it stays readable. */
  scale: number;
}

/** A figure half way along a call. */
export function EdgeLabel({ edge, layout, detail, scale }: EdgeLabelProps) {
  const drawn = drawnIn(layout, edge);
  if (!drawn) return null;
  const { status } = edgeStanding(edge);
  const { x, y } = drawn.middle;
  const text =
    detail === 'whole' ? callText(edge) : status === 'failing' ? percentText(edge.errorRatio) : perSecond(edge.rate);
  return (
    <div
      className={cx('map-label', status, detail)}
      style={{ transform: `translate(${x}px, ${y}px) translate(-50%, -50%) scale(${scale})` }}
      aria-hidden="true"
    >
      {detail === 'chosen' && status === 'ok' ? text : <Status state={status} word={text} />}
    </div>
  );
}
