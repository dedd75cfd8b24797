'use client';
import { memo } from 'react';
import { type Annotations, bandPath, placeRules } from './annotations.ts';
import type { ChartModel } from './chart-model.ts';

interface LayerProps {
  model: ChartModel;
  annotations: Annotations;
}

/** Below the series: hatched times and the band. `id` is unique on the page. */
export const AnnotationsBelow = memo(function AnnotationsBelow({
  model,
  annotations: { spans, band },
  id,
}: LayerProps & { id: string }) {
  const { x, y, top, bottom, width, height } = model;
  return (
    <svg className="layer" width={width} height={height} aria-hidden="true">
      <defs>
        <pattern id={id} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
          <path d="M0 0v6" stroke="var(--ink-3)" strokeWidth="1.6" opacity=".6" />
        </pattern>
      </defs>
      {spans?.map(({ key, fromMs, toMs }) => {
        const from = Math.max(fromMs, x.domain[0]);
        const to = Math.min(toMs, x.domain[1]);
        if (to <= from) return null;
        return (
          <rect
            key={key}
            x={x(from)}
            width={Math.max(3, x(to) - x(from))}
            y={top}
            height={bottom - top}
            fill={`url(#${id})`}
          />
        );
      })}
      {band ? (
        <path d={bandPath(model.times.map(x), band.upper, band.lower, y)} fill="var(--s1)" opacity=".16" />
      ) : null}
    </svg>
  );
});

/** Above the series: upright lines with their words. */
export const AnnotationsAbove = memo(function AnnotationsAbove({ model, annotations: { rules = [] } }: LayerProps) {
  const { x, top, bottom, width, height, right } = model;
  return (
    <svg className="layer" width={width} height={height} aria-hidden="true">
      {placeRules(rules, x, width - right).map((rule) => (
        <g key={`${rule.atMs} ${rule.label}`}>
          <line
            x1={rule.x}
            x2={rule.x}
            y1={top}
            y2={bottom}
            stroke="var(--ink-2)"
            strokeDasharray={rule.dashed ? '6 3' : '2 3'}
          />
          <text
            className="halo"
            x={rule.x + (rule.anchor === 'start' ? 5 : -5)}
            y={top + 10 + rule.row * 14}
            textAnchor={rule.anchor}
            style={{ fill: 'var(--ink)' }}
          >
            {rule.label}
          </text>
        </g>
      ))}
    </svg>
  );
});
