'use client';
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import type { ChartModel } from './chart-model.ts';
import { setCrosshair } from './crosshair.ts';
import { figuresSentence } from './readout.tsx';
import { nearestIndex } from './scale.ts';

export interface PlotInputProps {
  id: string;
  model: ChartModel;
  /** A sentence about the whole chart. */
  summary: string;
  onZoom?: (fromMs: number, toMs: number) => void;
  onZoomOut?: () => void;
}

interface Brush {
  from: number;
  to: number;
}

const leastDrag = 6;

/**
 * Takes pointer and keyboard for the plot. Pointing and arrow keys move the crosshair; dragging, or Shift with arrow
 * keys and then Enter, zooms in; a double click or the minus key zooms out.
 */
export function PlotInput({ id, model, summary, onZoom, onZoomOut }: PlotInputProps) {
  const [brush, setBrush] = useState<Brush | null>(null);
  const [spoken, setSpoken] = useState('');
  const cursor = useRef(-1);
  const drag = useRef<number | null>(null);
  const { left, right, top, bottom, width, times, x } = model;

  const timeOf = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = Math.max(0, Math.min(1, (event.clientX - box.left) / (box.width || 1)));
    return x.domain[0] + share * (x.domain[1] - x.domain[0]);
  };
  const point = (timeMs: number) => {
    const index = nearestIndex(times, timeMs);
    cursor.current = index;
    setCrosshair({ timeMs: times[index] ?? timeMs, source: id });
  };
  const zoom = (range: Brush) => {
    if (onZoom && range.from !== range.to) onZoom(Math.min(range.from, range.to), Math.max(range.from, range.to));
    setBrush(null);
  };

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    point(timeOf(event));
    if (event.pointerType === 'touch' || event.button !== 0 || !onZoom) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = timeOf(event);
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const time = timeOf(event);
    point(time);
    if (drag.current !== null && Math.abs(x(time) - x(drag.current)) >= leastDrag)
      setBrush({ from: drag.current, to: time });
  };
  const onPointerUp = (event: PointerEvent<HTMLDivElement>) => {
    if (drag.current !== null && brush) zoom({ from: drag.current, to: timeOf(event) });
    drag.current = null;
  };
  const stop = () => {
    drag.current = null;
    setBrush(null);
    setCrosshair(null);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const last = times.length - 1;
    const at = cursor.current === -1 ? last : cursor.current;
    const far = event.ctrlKey || event.altKey ? 10 : 1;
    const to = { ArrowLeft: at - far, ArrowRight: at + far, Home: 0, End: last }[event.key];
    if (to !== undefined && last >= 0) {
      event.preventDefault();
      const index = Math.max(0, Math.min(last, to));
      if (event.shiftKey) setBrush({ from: brush?.from ?? (times[at] as number), to: times[index] as number });
      else setBrush(null);
      point(times[index] as number);
      setSpoken(figuresSentence(model, index));
    } else if (event.key === 'Enter' && brush) {
      event.preventDefault();
      zoom(brush);
    } else if (event.key === '-' && onZoomOut) {
      event.preventDefault();
      onZoomOut();
    } else if (event.key === 'Escape') {
      if (brush) event.stopPropagation();
      stop();
    }
  };

  const box = { left, top, width: Math.max(0, width - left - right), height: Math.max(0, bottom - top) };
  return (
    <>
      {brush ? (
        <div
          className="brush"
          style={{
            left: Math.min(x(brush.from), x(brush.to)),
            width: Math.abs(x(brush.to) - x(brush.from)),
            top,
            height: box.height,
          }}
        />
      ) : null}
      {/* biome-ignore lint/a11y/useSemanticElements: no element of the platform is a chart */}
      <div
        className="plot-input"
        style={box}
        role="group"
        aria-roledescription="chart"
        aria-label={summary}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys read the figures out
        tabIndex={0}
        data-zoomable={onZoom ? '' : undefined}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerLeave={() => drag.current === null && setCrosshair(null)}
        onPointerCancel={stop}
        onDoubleClick={onZoomOut}
        onKeyDown={onKeyDown}
        onBlur={stop}
      />
      <span className="sr" aria-live="polite">
        {spoken}
      </span>
    </>
  );
}
