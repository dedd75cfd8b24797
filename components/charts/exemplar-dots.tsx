'use client';
import type { ReactNode } from 'react';
import { formatClock, formatDateTime } from '../ui/format-time.ts';
import { Popover } from '../ui/popover.tsx';
import { Tooltip } from '../ui/tooltip.tsx';
import type { ChartModel } from './chart-model.ts';
import { nearestIndex } from './scale.ts';
import type { Exemplar } from './types.ts';
import { formatValue } from './units.ts';
import { useRoving } from './use-roving.ts';

const most = 60;

export interface ExemplarDotsProps {
  model: ChartModel;
  exemplars: readonly Exemplar[];
  onSelect?: (exemplar: Exemplar) => void;
  /** What opens beside a dot, instead of `onSelect`. */
  card?: (exemplar: Exemplar) => ReactNode;
}

/** One dot for each measured request; it opens its trace. The slowest are kept where there are too many. */
export function ExemplarDots({ model, exemplars, onSelect, card }: ExemplarDotsProps) {
  const [from, to] = model.x.domain;
  const hidden = new Set(model.series.filter((one) => !one.shown).map((one) => one.key));
  const shown = exemplars
    .filter((one) => one.seriesKey === undefined || !hidden.has(one.seriesKey))
    .filter((one) => one.time >= from && one.time <= to && Number.isFinite(one.value))
    .sort((a, b) => b.value - a.value)
    .slice(0, most)
    .sort((a, b) => a.time - b.time);
  const roving = useRoving(shown.length);
  if (shown.length === 0) return null;
  const dotLabel = (one: Exemplar, value: string) => `Trace at ${formatClock(one.time, model.zone, true)}, ${value}`;
  const dot = (one: Exemplar, i: number, value: string) => (
    <button
      type="button"
      className="exemplar"
      style={{ left: model.x(one.time), top: dotTop(model, one) }}
      aria-label={dotLabel(one, value)}
      onClick={() => onSelect?.(one)}
      {...roving.itemProps(i)}
    />
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div ref={roving.box} role="group" aria-label="Exemplars" onKeyDown={roving.onKeyDown}>
      {shown.map((one, i) => {
        const value = formatValue(one.value, model.unit);
        return (
          <Tooltip
            key={`${one.traceId}-${one.time}`}
            describe={false}
            text={
              <>
                <div>
                  {formatDateTime(one.time, model.zone)} · {value}
                </div>
                {Object.entries(one.labels ?? {})
                  .slice(0, 6)
                  .map(([name, text]) => (
                    <div key={name}>
                      {name} = {text}
                    </div>
                  ))}
                <div className="mono">trace {one.traceId.slice(0, 16)}</div>
              </>
            }
          >
            {card ? (
              <Popover label={dotLabel(one, value)} align="center" trigger={dot(one, i, value)}>
                {card(one)}
              </Popover>
            ) : (
              dot(one, i, value)
            )}
          </Tooltip>
        );
      })}
    </div>
  );
}

function dotTop(model: ChartModel, one: Exemplar): number {
  const series = one.seriesKey === undefined ? undefined : model.series.find((s) => s.key === one.seriesKey);
  const value = series?.top[nearestIndex(model.times, one.time)] ?? one.value;
  return model.y(Math.max(model.y.domain[0], Math.min(model.y.domain[1], value)));
}
