'use client';
import { type KeyboardEvent, type PointerEvent, useEffect, useId, useMemo, useRef, useState } from 'react';
import { download, fileName, toCsv } from '../tables/csv.ts';
import { formatDateTime, type Zone, zoneWord } from '../ui/format-time.ts';
import { Menu } from '../ui/menu.tsx';
import { Skeleton } from '../ui/skeleton.tsx';
import { useThemeVersion } from '../ui/use-theme-version.ts';
import { setCrosshair, useCrosshair } from './crosshair.ts';
import { type HeatmapData, largest, strength, usedRows } from './heatmap-model.ts';
import { HeatmapTable } from './heatmap-table.tsx';
import { linearScale, nearestIndex } from './scale.ts';
import { useTimeAxis } from './time-axis.tsx';
import { tickText, zoneTicks } from './time-labels.ts';
import { formatValue, type Unit } from './units.ts';
import { useWidth } from './use-width.ts';

export interface HeatmapProps {
  title: string;
  data: HeatmapData;
  /** Unit of the bounds, and of the counts in the cells. */
  boundUnit?: Unit;
  countUnit?: Unit;
  height?: number;
  fromMs?: number;
  toMs?: number;
  zone?: Zone;
  loading?: boolean;
}

interface Cell {
  row: number;
  column: number;
}

const bottomSpace = 19;
const top = 6;
const right = 10;

/** How many requests took how long, over time. One hue; stronger is more, on a square root scale. */
export function Heatmap(props: HeatmapProps) {
  const { title, data, boundUnit = 'seconds', countUnit = 'requests/s', height = 190 } = props;
  const id = useId();
  const axis = useTimeAxis();
  const zone = props.zone ?? axis?.zone ?? 'utc';
  const [box, width] = useWidth<HTMLDivElement>();
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = useThemeVersion();
  const [cell, setCell] = useState<Cell | null>(null);
  const [asTable, setAsTable] = useState(false);
  const crosshair = useCrosshair();

  const [firstRow, lastRow] = useMemo(() => usedRows(data), [data]);
  const rows = lastRow - firstRow + 1;
  const max = useMemo(() => largest(data.counts), [data]);
  const texts = data.bounds.map((bound) => formatValue(bound, boundUnit));
  const left = Math.max(42, ...texts.map((text) => text.length * 6.2 + 10));
  const fromMs = props.fromMs ?? axis?.fromMs ?? data.times[0] ?? 0;
  const toMs = props.toMs ?? axis?.toMs ?? data.times.at(-1) ?? fromMs + 1;
  const stepMs = data.times.length > 1 ? (data.times[1] as number) - (data.times[0] as number) : toMs - fromMs;
  const bottom = height - bottomSpace;
  const rowHeight = (bottom - top) / rows;
  const plotWidth = Math.max(10, (width ?? 0) - left - right);
  const x = useMemo(() => linearScale([fromMs, toMs], [0, plotWidth]), [fromMs, toMs, plotWidth]);
  const loading = props.loading || width === null;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the canvas takes its colour from the theme
  useEffect(() => {
    const element = canvas.current;
    const g = element?.getContext('2d');
    if (!element || !g) return;
    const ratio = window.devicePixelRatio || 1;
    element.width = Math.round(plotWidth * ratio);
    element.height = Math.round((bottom - top) * ratio);
    g.scale(ratio, ratio);
    g.fillStyle = getComputedStyle(element).getPropertyValue('--s1').trim();
    const cellWidth = Math.max(1, (stepMs / (toMs - fromMs)) * plotWidth);
    for (let row = firstRow; row <= lastRow; row++) {
      data.times.forEach((time, column) => {
        const alpha = strength(data.counts[row]?.[column] ?? null, max);
        if (alpha === 0) return;
        g.globalAlpha = 0.06 + 0.94 * alpha;
        // A column holds what came in during the step before its time.
        g.fillRect(
          x(time) - cellWidth,
          (lastRow - row) * rowHeight,
          cellWidth - (cellWidth > 4 ? 0.5 : 0),
          rowHeight - 0.5,
        );
      });
    }
  }, [data, plotWidth, bottom, firstRow, lastRow, max, x, rowHeight, stepMs, fromMs, toMs, theme, asTable]);

  const select = (next: Cell) => {
    setCell(next);
    const timeMs = data.times[next.column];
    if (timeMs !== undefined) setCrosshair({ timeMs, source: id });
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const rect = event.currentTarget.getBoundingClientRect();
    const row = lastRow - Math.floor((event.clientY - rect.top) / rowHeight);
    const column = nearestIndex(data.times, x.invert(event.clientX - rect.left) + stepMs / 2);
    if (column >= 0) select({ row: Math.max(firstRow, Math.min(lastRow, row)), column });
  };
  const leave = () => {
    setCell(null);
    setCrosshair(null);
  };
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const at = cell ?? { row: firstRow, column: data.times.length - 1 };
    const to = {
      ArrowLeft: { ...at, column: at.column - 1 },
      ArrowRight: { ...at, column: at.column + 1 },
      ArrowUp: { ...at, row: at.row + 1 },
      ArrowDown: { ...at, row: at.row - 1 },
    }[event.key];
    if (event.key === 'Escape') leave();
    if (!to) return;
    event.preventDefault();
    if (to.column >= 0 && to.column < data.times.length && to.row >= firstRow && to.row <= lastRow) select(to);
  };

  const rangeOf = (row: number) => {
    const low = row === 0 ? formatValue(0, boundUnit) : texts[row - 1];
    return data.bounds[row] === Number.POSITIVE_INFINITY ? `over ${low}` : `${low} to ${texts[row]}`;
  };
  const sentence = cell
    ? `${formatDateTime(data.times[cell.column] ?? 0, zone)} ${zoneWord(zone)}, ${rangeOf(cell.row)}: ${formatValue(data.counts[cell.row]?.[cell.column], countUnit)}`
    : '';
  const ticks = zoneTicks(fromMs, toMs, Math.max(2, Math.floor(plotWidth / 66)), zone);
  const every = Math.max(1, Math.ceil(14 / rowHeight));
  const timeAt =
    crosshair && crosshair.timeMs >= fromMs && crosshair.timeMs <= toMs ? left + x(crosshair.timeMs) : null;

  return (
    <figure className="time-series" aria-label={title}>
      <div ref={box} className="chart heat" style={{ height }}>
        {loading ? (
          <Skeleton height={height} />
        ) : asTable ? (
          <HeatmapTable title={title} data={data} rangeOf={rangeOf} countUnit={countUnit} zone={zone} height={height} />
        ) : (
          <>
            <svg className="layer" width={width ?? 0} height={height} aria-hidden="true">
              {data.bounds.slice(firstRow, lastRow + 1).map((bound, k) =>
                k % every === 0 && bound !== Number.POSITIVE_INFINITY ? (
                  <text key={bound} x={left - 6} y={bottom - (k + 1) * rowHeight + 4} textAnchor="end">
                    {texts[firstRow + k]}
                  </text>
                ) : null,
              )}
              {ticks.values.map((tick) => (
                <text
                  key={tick}
                  x={left + x(tick)}
                  y={height - 4}
                  textAnchor={plotWidth - x(tick) < 16 ? 'end' : 'middle'}
                >
                  {tickText(tick, ticks.stepMs, zone)}
                </text>
              ))}
              <path d={`M${left} ${bottom + 0.5}H${left + plotWidth}`} stroke="var(--line-strong)" />
              {timeAt === null ? null : <path d={`M${timeAt} ${top}V${bottom}`} stroke="var(--ink-2)" />}
            </svg>
            {/* biome-ignore lint/a11y/useSemanticElements: no element of the platform is a heat map */}
            <div
              className="plot-input"
              style={{ left, top, width: plotWidth, height: bottom - top }}
              role="group"
              aria-roledescription="heat map"
              aria-label={`${title}. Arrow keys read the cells.`}
              // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys read the cells out
              tabIndex={0}
              onPointerMove={onPointerMove}
              onPointerDown={onPointerMove}
              onPointerLeave={leave}
              onKeyDown={onKeyDown}
              onBlur={leave}
            >
              <canvas ref={canvas} style={{ height: bottom - top }} />
            </div>
            {cell ? (
              <div
                className="readout"
                style={{
                  top: top + 4,
                  ...(x(data.times[cell.column] ?? 0) < plotWidth / 2 ? { right: right + 4 } : { left: left + 4 }),
                }}
                aria-hidden="true"
              >
                {sentence}
              </div>
            ) : null}
            <span className="sr" aria-live="polite">
              {sentence}
            </span>
          </>
        )}
      </div>
      <div className="chart-foot">
        <span className="heat-scale">
          0
          <i
            style={{ background: 'linear-gradient(90deg, color-mix(in srgb, var(--s1) 6%, transparent), var(--s1))' }}
          />
          {formatValue(max, countUnit)} in a bucket, square root scale
        </span>
        <Menu
          label={`${title}: chart menu`}
          align="end"
          items={[
            {
              id: 'values',
              label: asTable ? 'Show the heat map' : 'Show values',
              onSelect: () => setAsTable(!asTable),
            },
            { id: 'csv', label: 'Save as CSV', disabled: loading, onSelect: () => saveHeatmap(title, data, texts) },
          ]}
          trigger={
            <button type="button" className="chart-menu" aria-label={`${title}: values and export`}>
              ⋯
            </button>
          }
        />
      </div>
    </figure>
  );
}

function saveHeatmap(title: string, data: HeatmapData, texts: string[]): void {
  const rows = data.times.map((time, i) => [new Date(time).toISOString(), ...data.counts.map((row) => row[i] ?? null)]);
  download(fileName(title, 'csv'), toCsv(['time', ...texts.map((text) => `up to ${text}`)], rows));
}
