'use client';
import { type KeyboardEvent, type PointerEvent, useId, useMemo, useRef, useState } from 'react';
import type { LogHistogram } from '#lib/logs/schemas.ts';
import { useWidth } from '../charts/use-width.ts';
import { formatDateTime, type Zone, zoneWord } from '../ui/format-time.ts';
import { Glyph } from '../ui/glyph.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { type Bar, countText, type HistogramModel, histogramModel, stepWords } from './histogram-model.ts';
import { levelLook } from './levels.ts';

export interface LogBarsProps {
  histogram: LogHistogram | undefined;
  fromMs: number;
  toMs: number;
  zone: Zone;
  onZoom: (fromMs: number, toMs: number) => void;
  onZoomOut: () => void;
}

export const chartHeight = 112;
const leastDragPx = 5;
/** A bar of warnings or worse is never too low to be seen. */
const leastSeenPx = 2;

/** How many lines over time, by level. Dragging, or Shift with arrow keys and then Enter, zooms the page's range. */
export function LogBars({ histogram, fromMs, toMs, zone, onZoom, onZoomOut }: LogBarsProps) {
  const [box, width] = useWidth<HTMLDivElement>();
  const model = useMemo(
    () =>
      width === null || !histogram
        ? null
        : histogramModel({ width, height: chartHeight, zone, fromMs, toMs, histogram }),
    [width, histogram, zone, fromMs, toMs],
  );
  return (
    <figure className="log-bars" aria-label="Lines over time by level">
      <div ref={box} className="chart" style={{ height: chartHeight }}>
        {model ? (
          <Plot model={model} zone={zone} onZoom={onZoom} onZoomOut={onZoomOut} stepMs={histogram?.stepMs ?? 0} />
        ) : (
          <Skeleton height={chartHeight} />
        )}
      </div>
    </figure>
  );
}

interface PlotProps extends Pick<LogBarsProps, 'zone' | 'onZoom' | 'onZoomOut'> {
  model: HistogramModel;
  stepMs: number;
}

interface Span {
  from: number;
  to: number;
}

function Plot({ model, zone, onZoom, onZoomOut, stepMs }: PlotProps) {
  const hatch = useId();
  const { width, height, left, right, top, bottom, x, y, bars } = model;
  const [pointed, setPointed] = useState<number | null>(null);
  /** Indexes of the first and the last bar that are chosen. */
  const [chosen, setChosen] = useState<Span | null>(null);
  const [spoken, setSpoken] = useState('');
  const drag = useRef<{ index: number; clientX: number } | null>(null);
  const last = bars.length - 1;

  const indexAt = (event: PointerEvent<HTMLDivElement>) => {
    const area = event.currentTarget.getBoundingClientRect();
    const ms = x.invert(left + event.clientX - area.left);
    const index = Math.floor((ms - (bars[0]?.fromMs ?? 0)) / (stepMs || 1));
    return Math.max(0, Math.min(last, index));
  };
  const zoom = ({ from, to }: Span) => {
    const a = bars[Math.min(from, to)];
    const b = bars[Math.max(from, to)];
    setChosen(null);
    if (a && b) onZoom(a.fromMs, b.toMs);
  };
  const leave = () => {
    drag.current = null;
    setChosen(null);
    setPointed(null);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const at = pointed ?? last;
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last }[event.key];
    if (to !== undefined && last >= 0) {
      event.preventDefault();
      const index = Math.max(0, Math.min(last, to));
      setChosen(event.shiftKey ? { from: chosen?.from ?? at, to: index } : null);
      setPointed(index);
      setSpoken(sentence(bars[index], zone));
    } else if (event.key === 'Enter' && (chosen ?? pointed) !== null) {
      event.preventDefault();
      zoom(chosen ?? { from: at, to: at });
    } else if (event.key === '-') {
      event.preventDefault();
      onZoomOut();
    } else if (event.key === 'Escape') {
      leave();
    }
  };
  const area = { left, top, width: width - left - right, height: bottom - top };
  const bar = pointed === null ? undefined : bars[pointed];
  const edges = chosen && [bars[Math.min(chosen.from, chosen.to)], bars[Math.max(chosen.from, chosen.to)]];
  return (
    <>
      <svg className="layer" width={width} height={height} aria-hidden="true">
        <defs>
          <pattern id={hatch} width="4" height="4" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <path d="M0 0v4" stroke="var(--panel)" strokeWidth="2" />
          </pattern>
        </defs>
        {model.yTicks.map((tick) => (
          <g key={tick}>
            <line x1={left} x2={width - right} y1={y(tick)} y2={y(tick)} stroke="var(--grid)" />
            <text x={left - 6} y={y(tick) + 4} textAnchor="end">
              {countText(tick)}
            </text>
          </g>
        ))}
        {model.xTicks.map(({ value, text }) => (
          <text key={value} x={x(value)} y={height - 3} textAnchor="middle">
            {text}
          </text>
        ))}
        {bars.map((one) => (
          <BarShape key={one.index} bar={one} model={model} hatch={hatch} />
        ))}
        {bar ? (
          <rect
            x={x(bar.fromMs)}
            width={Math.max(1, x(bar.toMs) - x(bar.fromMs))}
            y={top}
            height={bottom - top}
            fill="var(--ink)"
            opacity=".06"
          />
        ) : null}
      </svg>
      {edges?.[0] && edges[1] ? (
        <div
          className="brush"
          style={{
            left: x(edges[0].fromMs),
            width: x(edges[1].toMs) - x(edges[0].fromMs),
            top,
            height: area.height,
          }}
        />
      ) : null}
      {/* biome-ignore lint/a11y/useSemanticElements: no element of the platform is a chart */}
      <div
        className="plot-input"
        style={area}
        role="group"
        aria-roledescription="chart"
        aria-label={`Lines over time. ${totalsSentence(model)} Arrow keys read the bars; Shift with them chooses, Enter zooms in, minus zooms out.`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys read the figures out
        tabIndex={0}
        data-zoomable=""
        onPointerDown={(event) => {
          if (event.pointerType === 'touch' || event.button !== 0) return setPointed(indexAt(event));
          event.currentTarget.setPointerCapture(event.pointerId);
          drag.current = { index: indexAt(event), clientX: event.clientX };
        }}
        onPointerMove={(event) => {
          const index = indexAt(event);
          setPointed(index);
          if (drag.current && Math.abs(event.clientX - drag.current.clientX) >= leastDragPx) {
            setChosen({ from: drag.current.index, to: index });
          }
        }}
        onPointerUp={() => {
          if (drag.current && chosen) zoom(chosen);
          drag.current = null;
        }}
        onPointerLeave={() => drag.current || setPointed(null)}
        onPointerCancel={leave}
        onDoubleClick={onZoomOut}
        onKeyDown={onKeyDown}
        onBlur={leave}
      />
      {bar ? <BarReadout bar={bar} model={model} zone={zone} /> : null}
      <span className="sr" aria-live="polite">
        {spoken}
      </span>
    </>
  );
}

function BarShape({ bar, model, hatch }: { bar: Bar; model: HistogramModel; hatch: string }) {
  const { x, y } = model;
  const from = x(bar.fromMs);
  const gap = x(bar.toMs) - from > 4 ? 1 : 0;
  const width = Math.max(0.5, x(bar.toMs) - from - gap);
  return (
    <>
      {bar.parts.map(({ level, from: low, to: high }) => {
        const isGrave = level === 'fatal' || level === 'error' || level === 'warn';
        const tall = Math.max(y(low) - y(high), isGrave ? leastSeenPx : 0.5);
        const shape = { x: from, width, y: y(low) - tall, height: tall };
        return (
          <g key={level}>
            <rect {...shape} fill={levelLook[level].fill} />
            {level === 'fatal' ? <rect {...shape} fill={`url(#${hatch})`} /> : null}
          </g>
        );
      })}
    </>
  );
}

function BarReadout({ bar, model, zone }: { bar: Bar; model: HistogramModel; zone: Zone }) {
  const at = model.x(bar.fromMs);
  const isLeft = at < model.width / 2;
  const side = isLeft ? { left: model.x(bar.toMs) + 10 } : { right: model.width - at + 10 };
  return (
    <div className="readout" style={{ top: model.top, ...side }} aria-hidden="true">
      <div className="faint">
        {formatDateTime(bar.fromMs, zone)} {zoneWord(zone)}, {stepWords(bar.toMs - bar.fromMs)}
      </div>
      {bar.parts.map(({ level, count }) => (
        <div key={level} className="row">
          <span className={levelLook[level].tone}>
            <Glyph name={levelLook[level].glyph} size={10} />
          </span>
          <span className="grow">{levelLook[level].word}</span>
          <b className="num">{count.toLocaleString('en')}</b>
        </div>
      ))}
      {bar.parts.length === 0 ? <div className="row">no lines</div> : null}
    </div>
  );
}

function sentence(bar: Bar | undefined, zone: Zone): string {
  if (!bar) return '';
  const parts = bar.parts.map(({ level, count }) => `${count} ${levelLook[level].word}`).join(', ');
  return `${formatDateTime(bar.fromMs, zone)}: ${parts || 'no lines'}`;
}

function totalsSentence({ totals }: HistogramModel): string {
  const parts = totals.map(({ level, count }) => `${count} ${levelLook[level].word}`);
  return parts.length > 0 ? `${parts.join(', ')}.` : 'No lines.';
}

/** Which shape and colour stands for which level, and how many lines it has; a click narrows to it and worse. */
export function LevelLegend({
  histogram,
  onLevel,
}: {
  histogram: LogHistogram;
  onLevel: (level: keyof typeof levelLook) => void;
}) {
  const shown = (Object.keys(levelLook) as (keyof typeof levelLook)[]).flatMap((level) => {
    const count = (histogram.counts[level] ?? []).reduce((sum, one) => sum + one, 0);
    return count > 0 ? [{ level, count }] : [];
  });
  return (
    <ul className="legend" aria-label="Levels">
      {shown.map(({ level, count }) => {
        const { word, glyph, tone, fill } = levelLook[level];
        const content = (
          <>
            <i className="log-key" style={{ background: fill }} data-level={level} />
            <span className={tone}>
              <Glyph name={glyph} size={10} /> {word}
            </span>
            <span className="num faint">{count.toLocaleString('en')}</span>
          </>
        );
        return (
          <li key={level}>
            {level === 'none' ? (
              content
            ) : (
              <button type="button" title={`Only ${word} and worse`} onClick={() => onLevel(level)}>
                {content}
              </button>
            )}
          </li>
        );
      })}
    </ul>
  );
}
