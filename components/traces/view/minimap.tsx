'use client';
import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from 'react';
import { useWidth } from '../../charts/use-width.ts';
import { useThemeVersion } from '../../ui/use-theme-version.ts';
import { serviceColorCount } from '../service-colors.ts';
import { drawnZoom, keyedEdge, movedEdge, pannedZoom } from './brush.ts';
import { packColor, paintMinimap } from './minimap-paint.ts';
import { formatNs, placeIn, shownPart } from './span-time.ts';
import type { TraceModel } from './trace-model.ts';
import type { Zoom } from './trace-url.ts';

export interface MinimapProps {
  model: TraceModel;
  zoom: Zoom | null;
  onZoom: (zoom: Zoom | null) => void;
}

const height = 46;
/** A shorter way of the pointer is a click. */
const leastDragPx = 4;
const percent = (ratio: number) => `${Math.min(1, Math.max(0, ratio)) * 100}%`;

type Drag =
  | { kind: 'draw'; startRatio: number; startX: number }
  | { kind: 'edge'; edge: 'from' | 'to' }
  | { kind: 'pan'; lastX: number };

/** The whole trace in a small picture, with the part of it that the rows show. Drawing in it chooses another part. */
export function Minimap({ model, zoom, onZoom }: MinimapProps) {
  const [box, width] = useWidth<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const drag = useRef<Drag | null>(null);
  const theme = useThemeVersion();
  const whole = { fromNs: 0, toNs: Math.max(1, model.totalNs) };
  const part = shownPart(zoom, model.totalNs);
  const from = placeIn(whole, part.fromNs);
  const to = placeIn(whole, part.toNs);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the canvas takes its colours from the theme
  useEffect(() => {
    const element = canvas.current;
    const g = element?.getContext('2d');
    if (!element || !g || width === null) return;
    const ratio = window.devicePixelRatio || 1;
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
    element.width = w;
    element.height = h;
    const style = getComputedStyle(element);
    const color = (name: string) => packColor(style.getPropertyValue(name));
    const image = g.createImageData(w, h);
    paintMinimap(new Uint32Array(image.data.buffer), w, h, model, {
      ground: color('--sunk'),
      services: Array.from({ length: serviceColorCount }, (_, i) => color(`--s${i + 1}`)),
      error: color('--bad'),
    });
    g.putImageData(image, 0, 0);
  }, [model, width, theme]);

  const ratioAt = (event: PointerEvent) => {
    const rect = box.current?.getBoundingClientRect();
    return rect && rect.width > 0 ? (event.clientX - rect.left) / rect.width : 0;
  };
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    const target = event.target as HTMLElement;
    const edge = target.dataset.edge;
    if (edge === 'from' || edge === 'to') drag.current = { kind: 'edge', edge };
    else if (target.dataset.pan !== undefined) drag.current = { kind: 'pan', lastX: event.clientX };
    else drag.current = { kind: 'draw', startRatio: ratioAt(event), startX: event.clientX };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const now = drag.current;
    if (!now) return;
    if (now.kind === 'edge') onZoom(movedEdge(zoom, now.edge, ratioAt(event) * model.totalNs, model.totalNs));
    else if (now.kind === 'pan') {
      const byNs = ((event.clientX - now.lastX) / Math.max(1, width ?? 1)) * model.totalNs;
      now.lastX = event.clientX;
      onZoom(pannedZoom(zoom, byNs, model.totalNs));
    } else if (Math.abs(event.clientX - now.startX) >= leastDragPx) {
      onZoom(drawnZoom(now.startRatio, ratioAt(event), model.totalNs));
    }
  };
  const end = () => {
    drag.current = null;
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.key === 'Escape' && zoom) {
      event.preventDefault();
      onZoom(null);
      return;
    }
    const edge = (event.target as HTMLElement).dataset.edge;
    if ((edge !== 'from' && edge !== 'to') || event.ctrlKey || event.metaKey || event.altKey) return;
    const next = keyedEdge(zoom, edge, event, model.totalNs);
    if (next === undefined) return;
    event.preventDefault();
    onZoom(next);
  };
  const edge = (name: 'from' | 'to', at: number, ns: number) => (
    <div
      className="edge"
      data-edge={name}
      role="slider"
      tabIndex={0}
      aria-label={name === 'from' ? 'Start of the part shown' : 'End of the part shown'}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(at * 100)}
      aria-valuetext={formatNs(ns)}
      style={{ left: percent(at) }}
    />
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out over a canvas in every browser
    <div
      ref={box}
      className="minimap"
      role="group"
      aria-label="Part of the trace that is shown"
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={end}
      onPointerCancel={end}
      onDoubleClick={() => onZoom(null)}
      onKeyDown={onKeyDown}
    >
      <canvas ref={canvas} role="img" aria-label={`The whole trace, ${formatNs(model.totalNs)}`} />
      {zoom ? <span className="off" style={{ left: 0, width: percent(from) }} /> : null}
      {zoom ? <span className="off" style={{ left: percent(to), right: 0 }} /> : null}
      <span
        className={zoom ? 'frame-of movable' : 'frame-of'}
        data-pan={zoom ? '' : undefined}
        style={{ left: percent(from), width: percent(to - from) }}
      />
      {edge('from', from, part.fromNs)}
      {edge('to', to, part.toNs)}
    </div>
  );
}
