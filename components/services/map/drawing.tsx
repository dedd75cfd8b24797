'use client';
import { MiniMap, ReactFlow, ViewportPortal } from '@xyflow/react';
import { type KeyboardEvent, type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { MapEdge, MapNode } from '#lib/telemetry/map-schemas.ts';
import { budgetStanding, type WorstBudget } from './budget.ts';
import { type Layout, nodeHeight, nodeWidth } from './layout.ts';
import { type Lit, LitProvider } from './lit.tsx';
import { forward } from './lit-rules.ts';
import { ForwardEdges, MapEdges } from './map-edges.tsx';
import { Detail, Labels } from './map-labels.tsx';
import { type Graph, nodeStanding } from './map-model.ts';
import { type FlowNode, MapNodeView } from './map-node.tsx';
import { edgeKey, type Selected } from './map-view.ts';
import { useLatest } from './use-latest.ts';
import { useView } from './use-view.ts';
import { type Direction, nextNode } from './walk.ts';
import { ZoomButtons, zoomStep } from './zoom-buttons.tsx';

const nodeTypes = { map: MapNodeView };
const noEdges: never[] = [];
const directions: Record<string, Direction> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
};
/** From this on a name can be read. */
const readable = 0.4;
/** From so many nodes on, a small map of the whole helps. */
const miniMapFrom = 25;

export interface MapCanvasProps {
  graph: Graph;
  /** Which part of the map this is; each keeps its own places. */
  scope: string;
  focus: string | null;
  selected: Selected | null;
  /** Nodes that match what is searched for; null where nothing is. */
  found: ReadonlySet<string> | null;
  /** The worst budget of each service, where nodes are coloured by it; else null. */
  budgets: ReadonlyMap<string, WorstBudget> | null;
  onSelect: (selected: Selected | null) => void;
  onFocus: (id: string) => void;
}

export interface DrawingProps extends MapCanvasProps {
  layout: Layout;
  generation: number;
  onTidy: () => void;
  /** Set when a key has asked for another part of the map, and the keyboard is to go on in it. */
  byKeyboard: RefObject<boolean>;
}

/** Nodes and calls in their places, to be pointed at, moved, zoomed and walked through. */
export function Drawing(props: DrawingProps) {
  const { graph, layout, generation, focus, selected, found, onSelect, onFocus, onTidy, byKeyboard } = props;
  const { nodes, edges } = graph;
  const box = useRef<HTMLDivElement>(null);
  const view = useView(box, layout, `${generation}|${focus}`);
  const [pointed, setPointed] = useState<Selected | null>(null);
  const [active, setActive] = useState<string | null>(null);
  const current = active !== null && layout.positions.has(active) ? active : firstOf(nodes, focus);
  const flowNodes = useFlowNodes(props, setPointed, setActive);

  const select = useLatest(onSelect);
  const onPointEdge = useCallback(
    (edge: MapEdge | null) => setPointed(edge && { kind: 'edge', from: edge.from, to: edge.to }),
    [],
  );
  const onSelectEdge = useCallback(({ from, to }: MapEdge) => select.current({ kind: 'edge', from, to }), [select]);
  const lit = useMemo(
    (): Lit => ({
      ...forward(pointed ?? selected, edges, found),
      selected: selected && (selected.kind === 'node' ? selected.id : edgeKey(selected)),
      active: current,
    }),
    [pointed, selected, edges, found, current],
  );

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

  // What is chosen elsewhere, by the search or by a link, comes into sight.
  const shownId = selected?.kind === 'node' ? selected.id : null;
  const viewNow = useLatest(view);
  useEffect(() => {
    if (shownId === null) return;
    setActive(shownId);
    viewNow.current.show(shownId, readable);
  }, [shownId, viewNow]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.metaKey || event.ctrlKey || event.altKey) return;
    const onNode = (event.target as HTMLElement).closest<HTMLElement>('[data-node]')?.dataset.node ?? null;
    const direction = directions[event.key];
    if (event.key === '+' || event.key === '=') view.zoomBy(zoomStep);
    else if (event.key === '-') view.zoomBy(1 / zoomStep);
    else if (event.key === '0') view.fitAll();
    else if (event.key === 'Escape' && selected) onSelect(null);
    else if (event.key === 'f' && onNode) {
      byKeyboard.current = true;
      onFocus(onNode);
    } else if (direction && event.shiftKey) view.pan(direction);
    else if (direction && onNode) {
      const next = nextNode(layout.positions, edges, onNode, direction);
      if (next) {
        setActive(next);
        view.show(next);
        nodeElement(box.current, next)?.focus({ preventScroll: true });
      }
    } else return;
    event.preventDefault();
    event.stopPropagation();
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
          onPaneClick={() => onSelect(null)}
          onMove={view.onMove}
          onMoveEnd={view.onMoveEnd}
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
        <ZoomButtons view={view} onTidy={onTidy} />
      </LitProvider>
    </div>
  );
}

const budgetOf = ({ kind, name }: MapNode, budgets: ReadonlyMap<string, WorstBudget>) =>
  kind === 'service' ? budgets.get(name) : undefined;

const nodeElement = (box: HTMLElement | null, id: string) =>
  box?.querySelector<HTMLElement>(`[data-node="${CSS.escape(id)}"]`);

/** Where the keyboard comes in: at the focus, else at what fails. */
function firstOf(nodes: readonly MapNode[], focus: string | null): string | null {
  return focus ?? nodes.find((node) => nodeStanding(node).status === 'failing')?.id ?? nodes[0]?.id ?? null;
}

/** The nodes as React Flow takes them, with handlers that stay the same. */
function useFlowNodes(
  { graph: { nodes, edges }, layout, budgets, onSelect, onFocus }: DrawingProps,
  onPointed: (at: Selected | null) => void,
  onActive: (id: string) => void,
): FlowNode[] {
  const handlers = useLatest({ onSelect, onFocus });
  return useMemo(() => {
    const callers = new Map<string, number>();
    const called = new Map<string, number>();
    for (const { from, to } of edges) {
      called.set(from, (called.get(from) ?? 0) + 1);
      callers.set(to, (callers.get(to) ?? 0) + 1);
    }
    return nodes.flatMap((node): FlowNode[] => {
      const position = layout.positions.get(node.id);
      if (!position) return [];
      const data = {
        node,
        callers: callers.get(node.id) ?? 0,
        called: called.get(node.id) ?? 0,
        standing: budgets ? budgetStanding(node, budgetOf(node, budgets)) : nodeStanding(node),
        left: budgets ? (budgetOf(node, budgets)?.left ?? null) : undefined,
        onSelect: (id: string) => handlers.current.onSelect({ kind: 'node', id }),
        onFocus: (id: string) => handlers.current.onFocus(id),
        onPoint: (id: string | null) => onPointed(id === null ? null : { kind: 'node', id }),
        onActive,
      };
      return [{ id: node.id, type: 'map', position, data, width: nodeWidth, height: nodeHeight }];
    });
  }, [nodes, edges, layout, budgets, handlers, onPointed, onActive]);
}

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

const miniColors: Partial<Record<string, string>> = {
  failing: 'var(--bad)',
  slow: 'var(--warn)',
  late: 'var(--warn)',
  nodata: 'var(--unknown)',
};
const miniColor = ({ data }: FlowNode) => miniColors[data.standing.status] ?? 'var(--control)';
