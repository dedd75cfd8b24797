'use client';
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { Minimap } from './minimap.tsx';
import { formatNs, placeIn, spanTicks } from './span-time.ts';
import type { TraceModel } from './trace-model.ts';
import type { Zoom } from './trace-url.ts';

export interface WfHeadProps {
  model: TraceModel;
  part: Zoom;
  zoom: Zoom | null;
  onZoom: (zoom: Zoom | null) => void;
  mostTicks: number;
  nameWidth: number;
  onNameWidth: (width: number) => void;
  nameLimits: { least: number; most: number };
}

const step = 16;

/** Stays on top of the rows: the whole trace, the axis of the part that is shown, and where names end. */
export function WfHead(props: WfHeadProps) {
  const { model, part, zoom, onZoom, mostTicks, nameWidth, onNameWidth, nameLimits } = props;
  const ticks = spanTicks(part, mostTicks);
  return (
    <div className="wf-head">
      <div className="wf-line map">
        <span className="said">
          {zoom ? (
            <button type="button" className="link" onClick={() => onZoom(null)}>
              Show the whole trace
            </button>
          ) : (
            'The whole trace'
          )}
        </span>
        <Minimap model={model} zoom={zoom} onZoom={onZoom} />
        <span className="said text-right">{zoom ? formatNs(part.toNs - part.fromNs) : ''}</span>
      </div>
      <div className="wf-line ruler">
        <span className="said">{model.trace.services.length > 1 ? 'Service and operation' : 'Operation'}</span>
        <div className="wf-ticks" aria-hidden="true">
          {ticks.values.map((ns) => {
            const at = placeIn(part, ns);
            return at > 0.94 ? null : (
              <span key={ns} style={{ left: `${at * 100}%` }}>
                {ticks.label(ns)}
              </span>
            );
          })}
        </div>
        <span className="said num">
          <span className="hide-s">Duration</span>
        </span>
      </div>
      <Splitter width={nameWidth} onWidth={onNameWidth} {...nameLimits} />
    </div>
  );
}

interface SplitterProps {
  width: number;
  onWidth: (width: number) => void;
  least: number;
  most: number;
}

/** The edge between names and times: drawn with the pointer, moved with the arrow keys. */
function Splitter({ width, onWidth, least, most }: SplitterProps) {
  const drag = useRef<{ x: number; width: number } | null>(null);
  const set = (next: number) => onWidth(Math.round(Math.min(most, Math.max(least, next))));
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowLeft: width - step, ArrowRight: width + step, Home: least, End: most }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    set(to);
  };
  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    drag.current = { x: event.clientX, width };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent) => {
    if (drag.current) set(drag.current.width + event.clientX - drag.current.x);
  };
  const end = () => {
    drag.current = null;
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a rule cannot have focus
    <div
      className="wf-split"
      role="separator"
      tabIndex={0}
      aria-orientation="vertical"
      aria-label="Width of the names"
      aria-valuemin={least}
      aria-valuemax={most}
      aria-valuenow={width}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={end}
      onPointerCancel={end}
    />
  );
}

/** Where the lines of the axis lie in every row, for the style sheet. */
export function tickStyle(part: Zoom, mostTicks: number): Record<'--tick' | '--tick-at', string> {
  const { values, stepNs } = spanTicks(part, mostTicks);
  const length = part.toNs - part.fromNs;
  const ratio = stepNs / length;
  const first = placeIn(part, values[0] ?? 0);
  // A background's place in per cent counts from what its size leaves free.
  const at = ratio >= 1 ? 0 : (first / (1 - ratio)) * 100;
  return { '--tick': `${ratio * 100}%`, '--tick-at': `${at}%` };
}
