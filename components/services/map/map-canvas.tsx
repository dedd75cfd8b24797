'use client';
import '@xyflow/react/dist/base.css';
import './map.css';
import { MiniMap, ReactFlow, ReactFlowProvider, useReactFlow, useStore, ViewportPortal } from '@xyflow/react';
import { type KeyboardEvent, type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { MapEdge } from '#lib/telemetry/map-schemas.ts';
import { Skeleton } from '../../ui/skeleton.tsx';
import { type Layout, nodeHeight, nodeWidth } from './layout.ts';
import { type Lit, LitProvider } from './lit.tsx';
import { EdgeLabel, ForwardEdges, MapEdges } from './map-edges.tsx';
import { edgeStanding, type Graph, nodeStanding } from './map-model.ts';
import { type FlowNode, MapNodeView } from './map-node.tsx';
import { edgeKey, type Selected } from './map-view.ts';
import { useLayout } from './use-layout.ts';
import { type Direction, nextNode } from './walk.ts';
import { ZoomButtons } from './zoom-buttons.tsx';

export interface MapCanvasProps {
  graph: Graph;
  /** Which part of the map this is; each keeps its own places. */
  scope: string;
  focus: string | null;
  selected: Selected | null;
  /** Nodes that match what is searched for; null where nothing is. */
  found: ReadonlySet<string> | null;
  onSelect: (selected: Selected | null) => void;
  onFocus: (id: string) => void;
}

const nodeTypes = { map: MapNodeView };
const directions: Record<string, Direction> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};
const fit = { padding: 0.06, maxZoom: 1.15, minZoom: 0.1 };
const readable = 0.9;
/** From so many nodes on, a small map of the whole helps. */
const miniMapFrom = 25;

/** The map as a drawing that can be moved, zoomed and walked through by keys. */
export default function MapCanvas(props: MapCanvasProps) {
  const { graph, scope } = props;
  const structure = useMemo(() => ({ nodes: graph.nodes.map(({ id }) => id), edges: graph.edges }), [graph]);
  const { layout, generation, failed, tidy } = useLayout(structure, scope);
  // Another part of the map is another drawing: the keyboard goes on where it was.
  const byKeyboard = useRef(false);
  if (failed) return <p className="p-3">No layout was found for these calls; the table has them all.</p>;
  if (!layout) {
    return (
      <div className="grid h-full content-center gap-2 p-6" aria-busy="true">
        <Skeleton width="40%" />
        <Skeleton height={120} />
      </div>
    );
  }
  return (
    <ReactFlowProvider>
      <Drawing {...props} layout={layout} generation={generation} onTidy={tidy} byKeyboard={byKeyboard} />
    </ReactFlowProvider>
  );
}

interface DrawingProps extends MapCanvasProps {
  layout: Layout;
  generation: number;
  onTidy: () => void;
  byKeyboard: RefObject<boolean>;
}

function Drawing(props: DrawingProps) {
  const { graph, layout, generation, focus, selected, found, onSelect, onFocus, onTidy, byKeyboard } = props;
  const { nodes, edges } = graph;
  const flow = useReactFlow();
  const box = useRef<HTMLDivElement>(null);
  const [pointed, setPointed] = useState<Selected | null>(null);
  const [active, setActive] = useState<string | null>(null);
  const first = focus ?? nodes.find((node) => nodeStanding(node).status === 'failing')?.id ?? nodes[0]?.id ?? null;
  const current = active !== null && layout.positions.has(active) ? active : first;

  const onPointNode = useCallback((id: string | null) => setPointed(id === null ? null : { kind: 'node', id }), []);
  const onPointEdge = useCallback(
    (edge: MapEdge | null) => setPointed(edge && { kind: 'edge', from: edge.from, to: edge.to }),
    [],
  );
  const select = useLatest(onSelect);
  const focusOn = useLatest(onFocus);
  const onSelectNode = useCallback((id: string) => select.current({ kind: 'node', id }), [select]);
  const onSelectEdge = useCallback(({ from, to }: MapEdge) => select.current({ kind: 'edge', from, to }), [select]);
  const onFocusNode = useCallback((id: string) => focusOn.current(id), [focusOn]);

  const flowNodes = useMemo(
    () =>
      nodes.flatMap((node): FlowNode[] => {
        const position = layout.positions.get(node.id);
        if (!position) return [];
        const data = {
          node,
          callers: edges.filter(({ to }) => to === node.id).length,
          called: edges.filter(({ from }) => from === node.id).length,
          onSelect: onSelectNode,
          onFocus: onFocusNode,
          onPoint: onPointNode,
          onActive: setActive,
        };
        return [{ id: node.id, type: 'map', position, data, width: nodeWidth, height: nodeHeight }];
      }),
    [nodes, edges, layout, onSelectNode, onFocusNode, onPointNode],
  );
  const lit = useMemo(
    (): Lit => ({
      ...forward(pointed ?? selected, edges, found),
      selected: selected && (selected.kind === 'node' ? selected.id : edgeKey(selected)),
      active: current,
    }),
    [pointed, selected, edges, found, current],
  );

  // Until somebody moves it, all of it stays in sight, also when something opens beside it.
  const moved = useRef(false);
  const width = useStore((state) => state.width);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another part or arrangement is another thing to look at
  useEffect(() => {
    moved.current = false;
  }, [generation, focus]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: these are what is fitted to
  useEffect(() => {
    if (!moved.current) void flow.fitView(fit);
  }, [generation, focus, width, flow]);
  useEffect(() => {
    if (!byKeyboard.current || focus === null) return;
    return whenThere(
      () => nodeElement(box.current, focus),
      (node) => {
        byKeyboard.current = false;
        node.focus({ preventScroll: true });
      },
    );
  }, [focus, byKeyboard]);

  const goTo = useCallback(
    (id: string) => {
      const at = layout.positions.get(id);
      if (!at) return;
      setActive(id);
      const { x, y, zoom } = flow.getViewport();
      const area = box.current?.getBoundingClientRect();
      const left = at.x * zoom + x;
      const top = at.y * zoom + y;
      const isSeen =
        area &&
        left >= 0 &&
        top >= 0 &&
        left + nodeWidth * zoom <= area.width &&
        top + nodeHeight * zoom <= area.height;
      if (!isSeen) void flow.setCenter(at.x + nodeWidth / 2, at.y + nodeHeight / 2, { zoom, duration: 150 });
    },
    [layout, flow],
  );

  // What is chosen elsewhere, by the search or by a link, comes into sight.
  const shownId = selected?.kind === 'node' ? selected.id : null;
  const layoutNow = useLatest(layout);
  useEffect(() => {
    const at = shownId === null ? undefined : layoutNow.current.positions.get(shownId);
    if (shownId === null || !at) return;
    setActive(shownId);
    const { x, y, zoom } = flow.getViewport();
    const area = box.current?.getBoundingClientRect();
    const [left, top] = [at.x * zoom + x, at.y * zoom + y];
    const isSeen = area && left >= 0 && top >= 0 && left + nodeWidth * zoom < area.width && top < area.height - 40;
    if (isSeen && zoom >= 0.4) return;
    void flow.setCenter(at.x + nodeWidth / 2, at.y + nodeHeight / 2, { zoom: Math.max(zoom, readable), duration: 200 });
  }, [shownId, flow, layoutNow]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const onNode = (event.target as HTMLElement).closest<HTMLElement>('[data-node]')?.dataset.node ?? null;
    const direction = directions[event.key];
    const zoomStep = { '+': 1.25, '=': 1.25, '-': 0.8 }[event.key];
    if (zoomStep !== undefined) void flow.zoomTo(flow.getZoom() * zoomStep, { duration: 120 });
    else if (event.key === '0') void flow.fitView({ ...fit, duration: 150 });
    else if (event.key === 'Escape' && selected) onSelect(null);
    else if (event.key === 'f' && onNode) {
      byKeyboard.current = true;
      onFocus(onNode);
    } else if (direction && event.shiftKey) pan(direction);
    else if (direction && onNode) {
      const next = nextNode(layout.positions, edges, onNode, direction);
      if (next) {
        goTo(next);
        nodeElement(box.current, next)?.focus({ preventScroll: true });
      }
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const pan = (direction: Direction) => {
    const { x, y, zoom } = flow.getViewport();
    const step = 80;
    const dx = direction === 'left' ? step : direction === 'right' ? -step : 0;
    const dy = direction === 'up' ? step : direction === 'down' ? -step : 0;
    void flow.setViewport({ x: x + dx, y: y + dy, zoom }, { duration: 80 });
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it listens for the nodes inside
    <div ref={box} className="map-box" data-lit={lit.nodes ? '' : undefined} onKeyDown={onKeyDown}>
      <LitProvider lit={lit}>
        <ReactFlow
          nodes={flowNodes}
          edges={noEdges}
          nodeTypes={nodeTypes}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          elementsSelectable={false}
          disableKeyboardA11y
          zoomOnDoubleClick={false}
          minZoom={0.08}
          maxZoom={2}
          fitView
          fitViewOptions={fit}
          onPaneClick={() => onSelect(null)}
          onMove={(event) => {
            if (!event) return;
            moved.current = true;
            box.current?.classList.add('moving');
          }}
          onMoveEnd={() => box.current?.classList.remove('moving')}
          attributionPosition="bottom-center"
          aria-label="Dependencies"
        >
          <ViewportPortal>
            <MapEdges edges={edges} layout={layout} onPoint={onPointEdge} onSelect={onSelectEdge} />
            <ForwardEdges edges={edges} layout={layout} />
          </ViewportPortal>
          <Labels edges={edges} layout={layout} selected={pointed ?? selected} />
          {nodes.length >= miniMapFrom ? (
            <MiniMap<FlowNode> pannable zoomable ariaLabel="The whole map" nodeColor={miniColor} nodeBorderRadius={4} />
          ) : null}
          <Detail box={box} />
        </ReactFlow>
        <ZoomButtons fit={fit} onTidy={onTidy} />
      </LitProvider>
    </div>
  );
}

const noEdges: never[] = [];

const mostFrames = 120;

/** Waits for what React Flow draws only some frames later; returns what stops the waiting. */
function whenThere<T>(find: () => T | null | undefined, then: (found: T) => void): () => void {
  let frames = 0;
  let next = 0;
  const look = () => {
    const found = find();
    if (found) then(found);
    else if (frames++ < mostFrames) next = requestAnimationFrame(look);
  };
  look();
  return () => cancelAnimationFrame(next);
}

const nodeElement = (box: HTMLElement | null, id: string) =>
  box?.querySelector<HTMLElement>(`[data-node="${CSS.escape(id)}"]`);

const miniColors: Partial<Record<string, string>> = {
  failing: 'var(--bad)',
  slow: 'var(--warn)',
  late: 'var(--warn)',
  nodata: 'var(--unknown)',
};
const miniColor = ({ data }: FlowNode) => miniColors[nodeStanding(data.node).status] ?? 'var(--control)';

function useLatest<T>(value: T) {
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  }, [value]);
  return latest;
}

/** The neighbours of what is pointed at or chosen, else what is searched for. */
function forward(
  at: Selected | null,
  edges: readonly MapEdge[],
  found: ReadonlySet<string> | null,
): Pick<Lit, 'nodes' | 'edges'> {
  if (!at) return found ? { nodes: found, edges: new Set() } : { nodes: null, edges: null };
  const touched = edges.filter(({ from, to }) =>
    at.kind === 'edge' ? from === at.from && to === at.to : from === at.id || to === at.id,
  );
  const own = at.kind === 'node' ? [at.id] : [at.from, at.to];
  return {
    nodes: new Set([...own, ...touched.flatMap(({ from, to }) => [from, to])]),
    edges: new Set(touched.map(edgeKey)),
  };
}

/** More figures than this on one drawing are noise. */
const mostLabels = 40;

/** Figures on the edges that fail, a figure on each that touches what is chosen, all of them on the one pointed at. */
function Labels({ edges, layout, selected }: { edges: readonly MapEdge[]; layout: Layout; selected: Selected | null }) {
  const upright = useStore((state) => Math.round(10 / Math.min(1.2, Math.max(0.2, state.transform[2]))) / 10);
  const touches = ({ from, to }: MapEdge) =>
    selected?.kind === 'edge'
      ? selected.from === from && selected.to === to
      : selected !== null && (selected.id === from || selected.id === to);
  const touched = edges.filter(touches);
  const failing = edges.filter((edge) => edgeStanding(edge).status === 'failing');
  const shown = selected ? touched.slice(0, mostLabels) : failing.length <= mostLabels ? failing : [];
  return (
    <ViewportPortal>
      {shown.map((edge) => (
        <EdgeLabel
          key={edgeKey(edge)}
          edge={edge}
          layout={layout}
          detail={selected?.kind === 'edge' ? 'whole' : selected ? 'chosen' : 'failures'}
          scale={upright}
        />
      ))}
    </ViewportPortal>
  );
}

const detailOf = (zoom: number) => (zoom >= 0.55 ? 'near' : zoom >= 0.3 ? 'middle' : 'far');

/** Tells the style sheet how near one is: from afar only names are readable, then only shapes. */
function Detail({ box }: { box: RefObject<HTMLDivElement | null> }) {
  const detail = useStore((state) => detailOf(state.transform[2]));
  useEffect(() => {
    if (box.current) box.current.dataset.detail = detail;
  }, [box, detail]);
  return null;
}
