'use client';
import type { MouseEvent } from 'react';
import type { DrawnSeries } from './chart-model.ts';

export interface SeriesLegendProps {
  series: readonly DrawnSeries[];
  onIsolate: (key: string) => void;
  onToggle: (key: string) => void;
  exemplars?: boolean;
}

/** Names of the series. A click leaves one, Ctrl or Shift with a click hides one. */
export function SeriesLegend({ series, onIsolate, onToggle, exemplars }: SeriesLegendProps) {
  const onClick = (event: MouseEvent, key: string) =>
    event.ctrlKey || event.metaKey || event.shiftKey ? onToggle(key) : onIsolate(key);
  return (
    <ul className="legend" aria-label="Series">
      {series.map((one) => (
        <li key={one.key}>
          <button
            type="button"
            aria-pressed={one.shown}
            title="Click: only this one. Ctrl or Shift and click: hide or show it."
            onClick={(event) => onClick(event, one.key)}
          >
            <SeriesKey color={one.color} dashed={one.dashed} square={one.shape === 'stack'} />
            {one.legend}
          </button>
        </li>
      ))}
      {exemplars ? (
        <li>
          <svg width="12" height="12" aria-hidden="true">
            <circle cx="6" cy="6" r="4" fill="none" stroke="var(--brass)" strokeWidth="2" />
          </svg>
          trace
        </li>
      ) : null}
    </ul>
  );
}

/** The sign of a series: a piece of its line, or a square for a stack. */
export function SeriesKey({ color, dashed, square }: { color: string; dashed?: boolean; square?: boolean }) {
  return square ? (
    <svg width="9" height="9" aria-hidden="true">
      <rect width="9" height="9" rx="2" fill={`var(${color})`} />
    </svg>
  ) : (
    <svg width="18" height="8" aria-hidden="true">
      <path d="M0 4h18" stroke={`var(${color})`} strokeWidth="2.4" strokeDasharray={dashed ? '4 3' : undefined} />
    </svg>
  );
}
