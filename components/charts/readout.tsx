'use client';
import { formatDateTime, zoneWord } from '../ui/format-time.ts';
import type { ChartModel, DrawnSeries } from './chart-model.ts';
import { formatValue } from './units.ts';

const most = 12;

/** The figures at one time, largest first. */
export function figuresAt(model: ChartModel, index: number): { series: DrawnSeries; text: string }[] {
  return model.series
    .filter((one) => one.shown)
    .map((series) => ({ series, value: series.raw[index] ?? null }))
    .sort((a, b) => (b.value ?? Number.NEGATIVE_INFINITY) - (a.value ?? Number.NEGATIVE_INFINITY))
    .map(({ series, value }) => ({ series, text: value === null ? 'no data' : formatValue(value, model.unit) }));
}

/** The same in a sentence, for screen readers. */
export function figuresSentence(model: ChartModel, index: number): string {
  const time = model.times[index];
  if (time === undefined) return '';
  const figures = figuresAt(model, index).slice(0, most);
  return `${formatDateTime(time, model.zone)}: ${figures.map(({ series, text }) => `${series.label} ${text}`).join(', ')}`;
}

/** A small box with the figures at the crosshair, on the side that has room. */
export function Readout({ model, index }: { model: ChartModel; index: number }) {
  const time = model.times[index];
  if (time === undefined) return null;
  const x = model.x(time);
  const toRight = x < model.width / 2;
  const figures = figuresAt(model, index);
  return (
    <div
      className="readout"
      style={toRight ? { left: x + 12, top: model.top } : { right: model.width - x + 12, top: model.top }}
      aria-hidden="true"
    >
      <div className="faint">
        {formatDateTime(time, model.zone)} {zoneWord(model.zone)}
      </div>
      {figures.slice(0, most).map(({ series, text }) => (
        <div key={series.key} className="row">
          <svg width="12" height="8" aria-hidden="true">
            <path
              d="M0 4h12"
              stroke={`var(${series.color})`}
              strokeWidth="2.4"
              strokeDasharray={series.dashed ? '4 3' : undefined}
            />
          </svg>
          <span className="grow clip">{series.label}</span>
          <b className="num">{text}</b>
        </div>
      ))}
      {figures.length > most ? <div className="faint">and {figures.length - most} more</div> : null}
    </div>
  );
}
