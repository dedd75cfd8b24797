'use client';
import { memo } from 'react';
import { formatClock } from '../ui/format-time.ts';
import type { ChartModel } from './chart-model.ts';
import { type MarkerLayout, markerLook } from './markers.ts';
import { spreadLabels } from './paths.ts';
import { nearestIndex } from './scale.ts';
import type { Threshold } from './types.ts';

const bandHeight = 9;

/** The pattern of a fault; `id` is unique on the page. */
export function HatchPattern({ id }: { id: string }) {
  return (
    <defs>
      <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <path d="M0 0v6" stroke="var(--fault)" strokeWidth="2.4" opacity=".55" />
      </pattern>
    </defs>
  );
}

/** What lies below the series: tinted and hatched bands. */
export const Underlay = memo(function Underlay({
  model,
  layout,
  hatch,
}: {
  model: ChartModel;
  layout: MarkerLayout;
  hatch: string;
}) {
  const { left, right, top, bottom, width, height } = model;
  const span = width - left - right;
  return (
    <svg className="layer" width={width} height={height} aria-hidden="true">
      <HatchPattern id={hatch} />
      {layout.bands.map(({ marker, shape, from, to, row }) => {
        const x = left + from * span;
        const w = Math.max(2, (to - from) * span);
        const color = `var(${markerLook(marker.kind).color})`;
        return shape === 'tinted' ? (
          <g key={marker.id}>
            <rect x={x} width={w} y={top} height={bottom - top} fill={color} opacity=".07" />
            <rect x={x} width={w} y={top - 3 + row * 4} height="3" fill={color} />
          </g>
        ) : (
          <rect
            key={marker.id}
            x={x}
            width={w}
            y={bottom - bandHeight * (row + 1)}
            height={bandHeight}
            fill={`url(#${hatch})`}
            stroke={color}
          />
        );
      })}
    </svg>
  );
});

export interface OverlayProps {
  model: ChartModel;
  layout: MarkerLayout;
  threshold?: Threshold;
  staleAtMs?: number;
}

/** What lies above the series: threshold, lines of markers, names at the ends. */
export const Overlay = memo(function Overlay({ model, layout, threshold, staleAtMs }: OverlayProps) {
  const { left, right, top, bottom, width, height, x, y } = model;
  const span = width - left - right;
  return (
    <svg className="layer" width={width} height={height} aria-hidden="true">
      {threshold ? <ThresholdLine model={model} threshold={threshold} /> : null}
      {layout.groups.map((group) => (
        <line
          key={group.markers[0]?.id}
          x1={left + group.at * span}
          x2={left + group.at * span}
          y1={top}
          y2={bottom}
          stroke={`var(${markerLook(group.markers[0]?.kind ?? '').color})`}
          strokeDasharray="2 3"
        />
      ))}
      {staleAtMs !== undefined && staleAtMs < x.domain[1] ? (
        <g>
          <line x1={x(staleAtMs)} x2={x(staleAtMs)} y1={top} y2={bottom} stroke="var(--ink-2)" strokeDasharray="2 2" />
          <text className="halo" x={x(staleAtMs) - 5} y={top + 10} textAnchor="end" style={{ fill: 'var(--ink)' }}>
            {formatClock(staleAtMs, model.zone)}
          </text>
        </g>
      ) : null}
      {model.endLabels ? <EndLabels model={model} /> : null}
      {model.series.length === 0 ? (
        <text x={left + span / 2} y={(top + y(y.domain[0])) / 2} textAnchor="middle">
          no series
        </text>
      ) : null}
    </svg>
  );
});

function ThresholdLine({ model, threshold }: { model: ChartModel; threshold: Threshold }) {
  const at = model.y(threshold.value);
  if (at < model.top - 1 || at > model.bottom + 1) return null;
  const above = at - model.top > 14;
  // Close to the axis the first series would run through the words.
  const lift = model.bottom - at < 12 ? 18 : 4;
  return (
    <g>
      <line
        x1={model.left}
        x2={model.width - model.right}
        y1={at}
        y2={at}
        stroke="var(--ink-2)"
        strokeDasharray="6 3"
        strokeWidth="1.3"
      />
      <text className="halo" x={model.left + 4} y={above ? at - lift : at + 12} style={{ fill: 'var(--ink-2)' }}>
        {threshold.label}
      </text>
    </g>
  );
}

function EndLabels({ model }: { model: ChartModel }) {
  const ends = model.series.flatMap((one) => {
    if (!one.shown) return [];
    const last = one.top.findLastIndex((value) => value !== null);
    const value = one.top[last];
    if (value === null || value === undefined) return [];
    return [{ label: one.label, x: model.x(model.times[last] as number), y: model.y(value) + 4 }];
  });
  const ys = spreadLabels(
    ends.map((end) => end.y),
    13,
  );
  return ends.map((end, i) => (
    <text key={end.label} x={Math.min(end.x, model.width - model.right) + 6} y={ys[i]} style={{ fill: 'var(--ink)' }}>
      {end.label}
    </text>
  ));
}

/** The line at the crosshair and a dot on each series. */
export function CrosshairLine({ model, timeMs, dots }: { model: ChartModel; timeMs: number; dots: boolean }) {
  const { x, y, top, bottom, width, height } = model;
  if (timeMs < x.domain[0] || timeMs > x.domain[1]) return null;
  const index = nearestIndex(model.times, timeMs);
  const at = index === -1 ? timeMs : (model.times[index] as number);
  const few = model.series.filter((one) => one.shown).length <= 12;
  return (
    <svg className="layer" width={width} height={height} aria-hidden="true">
      <line x1={x(at)} x2={x(at)} y1={top} y2={bottom} stroke="var(--ink-2)" />
      {dots && few
        ? model.series.map((one) => {
            const value = one.top[index];
            return one.shown && value !== null && value !== undefined ? (
              <circle
                key={one.key}
                cx={x(at)}
                cy={y(value)}
                r="3"
                fill={`var(${one.color})`}
                stroke="var(--panel)"
                strokeWidth="1.5"
              />
            ) : null;
          })
        : null}
    </svg>
  );
}
