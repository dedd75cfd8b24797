'use client';
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { boxBetween, boxRect, nearestPoint, nextPoint, type ScatterBox, type ScatterModel } from './scatter-model.ts';

export interface ScatterInputProps {
  model: ScatterModel;
  /** A sentence about the whole chart. */
  summary: string;
  /** One point in words, for screen readers. */
  sentence: (index: number) => string;
  /** The point that is read out; −1 where there is none. `isKept`: it stays, as after a tap or by keyboard. */
  onPoint: (index: number, isKept: boolean) => void;
  onOpen: (index: number) => void;
  onBox?: (box: ScatterBox) => void;
  onClear?: () => void;
}

interface Corner {
  x: number;
  y: number;
}

const leastDrag = 6;
const reach = { mouse: 12, pen: 16, touch: 24 } as const;

/**
 * Takes pointer and keyboard for the plot. Pointing and arrow keys read a point out (left and right by time, up and down
 * by value), a click or Enter opens it; dragging, or Shift with arrow keys and then Enter, selects a box.
 */
export function ScatterInput({ model, summary, sentence, onPoint, onOpen, onBox, onClear }: ScatterInputProps) {
  const [brush, setBrush] = useState<[Corner, Corner] | null>(null);
  const [spoken, setSpoken] = useState('');
  const [isOver, setIsOver] = useState(false);
  const start = useRef<Corner | null>(null);
  const cursor = useRef(-1);
  const { left, right, top, bottom, width, points, xs, ys } = model;

  const cornerOf = (event: PointerEvent<HTMLDivElement>): Corner => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left + left, y: event.clientY - box.top + top };
  };
  const hit = (event: PointerEvent<HTMLDivElement>) => {
    const { x, y } = cornerOf(event);
    return nearestPoint(model, x, y, reach[event.pointerType as keyof typeof reach] ?? reach.mouse);
  };
  const stop = () => {
    start.current = null;
    setBrush(null);
  };

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (event.button !== 0) return;
    start.current = cornerOf(event);
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    // The button may have been let go outside, where that is not heard.
    if (event.buttons === 0) start.current = null;
    const at = cornerOf(event);
    const from = start.current;
    if (from && onBox && (brush || Math.hypot(at.x - from.x, at.y - from.y) >= leastDrag)) {
      if (!brush) event.currentTarget.setPointerCapture(event.pointerId);
      setBrush([from, at]);
      onPoint(-1, false);
      return;
    }
    if (event.pointerType === 'touch') return;
    const index = hit(event);
    setIsOver(index !== -1);
    onPoint(index, false);
  };
  const onPointerUp = (event: PointerEvent<HTMLDivElement>) => {
    const from = start.current;
    const to = cornerOf(event);
    const wasBrush = brush !== null;
    stop();
    if (!from) return;
    if (wasBrush) {
      onBox?.(boxBetween(model, from, to));
      return;
    }
    const index = hit(event);
    // A finger covers what it taps: the first tap reads it out, with a button that opens it.
    if (event.pointerType === 'touch') onPoint(index, true);
    else if (index !== -1) onOpen(index);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const last = points.length - 1;
    const at = Math.min(cursor.current, last);
    const { key } = event;
    if (
      key === 'ArrowLeft' ||
      key === 'ArrowRight' ||
      key === 'ArrowUp' ||
      key === 'ArrowDown' ||
      key === 'Home' ||
      key === 'End'
    ) {
      event.preventDefault();
      if (last < 0) return;
      const to = at < 0 || key === 'End' ? last : key === 'Home' ? 0 : nextPoint(points, at, key);
      cursor.current = to;
      const corner = (index: number) => ({ x: xs[index] as number, y: ys[index] as number });
      if (event.shiftKey && onBox) setBrush([brush?.[0] ?? corner(Math.max(0, at)), corner(to)]);
      else setBrush(null);
      onPoint(to, true);
      setSpoken(sentence(to));
    } else if (key === 'Enter' && brush && onBox) {
      event.preventDefault();
      onBox(boxBetween(model, ...brush));
      setBrush(null);
    } else if (key === 'Enter' && at >= 0) {
      event.preventDefault();
      onOpen(at);
    } else if (key === 'Escape') {
      if (brush) stop();
      else if (cursor.current !== -1) onPoint(-1, false);
      else onClear?.();
      cursor.current = -1;
    }
  };

  const drawn = brush && boxRect(model, boxBetween(model, ...brush));
  return (
    <>
      {drawn ? <div className="scatter-box brushing" style={drawn} /> : null}
      {/* biome-ignore lint/a11y/useSemanticElements: no element of the platform is a chart */}
      <div
        className="plot-input"
        style={{ left, top, width: Math.max(0, width - left - right), height: Math.max(0, bottom - top) }}
        role="group"
        aria-roledescription="scatter chart"
        aria-label={summary}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys read the points out
        tabIndex={0}
        data-zoomable={onBox && !isOver ? '' : undefined}
        data-over={isOver ? '' : undefined}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={onPointerUp}
        onPointerLeave={() => {
          if (start.current) return;
          setIsOver(false);
          onPoint(-1, false);
        }}
        onPointerCancel={stop}
        onKeyDown={onKeyDown}
      />
      <span className="sr" aria-live="polite">
        {spoken}
      </span>
    </>
  );
}
