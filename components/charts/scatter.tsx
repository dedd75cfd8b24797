'use client';
import './scatter.css';
import { type ReactNode, useCallback, useId, useMemo, useState } from 'react';
import { formatDateTime, type Zone, zoneWord } from '../ui/format-time.ts';
import { Skeleton } from '../ui/skeleton.tsx';
import { Underlay } from './layers.tsx';
import { MarkerLane } from './marker-lane.tsx';
import { layoutMarkers, type Marker, type MarkerLayout, markerLook } from './markers.ts';
import { ScatterDots } from './scatter-dots.tsx';
import { ScatterInput } from './scatter-input.tsx';
import { boxRect, type ScatterBox, type ScatterModel, type ScatterPoint, scatterModel } from './scatter-model.ts';
import { useTimeAxis } from './time-axis.tsx';
import { formatValue, type Unit } from './units.ts';
import { useWidth } from './use-width.ts';

export type { ScatterBox, ScatterPoint };

export interface ScatterProps<Point extends ScatterPoint> {
  /** What is shown; names the chart for screen readers. */
  title: string;
  points: readonly Point[];
  unit: Unit;
  height?: number;
  /** Ends of the time axis in milliseconds; those of the page where left out, as for zone and markers. */
  fromMs?: number;
  toMs?: number;
  zone?: Zone;
  markers?: readonly Marker[];
  /** What is selected; its ends may be infinite. */
  box?: ScatterBox | null;
  onBox?: (box: ScatterBox) => void;
  onClear?: () => void;
  onOpen: (point: Point) => void;
  /** One point in words, short: its name. Time and value are said beside it. */
  name: (point: Point) => string;
  /** More about a point, in the box that appears beside it. */
  detail?: (point: Point) => ReactNode;
  /** Said in place of the points where there are none. */
  empty?: string;
  loading?: boolean;
}

const noMarkers: readonly Marker[] = [];

/** Points over time, their values on a logarithmic scale: dots, and crosses for what failed. */
export function Scatter<Point extends ScatterPoint>(props: ScatterProps<Point>) {
  const { title, points, unit, height = 216, box = null, name, onOpen } = props;
  const id = useId();
  const axis = useTimeAxis();
  const [place, width] = useWidth<HTMLDivElement>();
  const [shown, setShown] = useState<{ id: string; isKept: boolean } | null>(null);
  const fromMs = props.fromMs ?? axis?.fromMs ?? 0;
  const toMs = props.toMs ?? axis?.toMs ?? fromMs + 1;
  const zone = props.zone ?? axis?.zone ?? 'utc';
  const markers = props.markers ?? axis?.markers ?? noMarkers;
  const model = useMemo(
    () => (width === null ? null : scatterModel({ points, width, height, fromMs, toMs, zone, unit })),
    [points, width, height, fromMs, toMs, zone, unit],
  );
  const layout = useMemo(
    () => layoutMarkers(markers, fromMs, toMs, model ? model.width - model.left - model.right : 600),
    [markers, fromMs, toMs, model],
  );
  const onPoint = useCallback(
    (index: number, isKept: boolean) => {
      const found = model?.points[index];
      setShown((before) => (found ? { id: found.id, isKept } : before?.isKept && !isKept ? before : null));
    },
    [model],
  );
  const rect = model && box ? boxRect(model, box) : null;
  const at = shown && model ? model.points.findIndex((point) => point.id === shown.id) : -1;
  const open = (index: number) => {
    const point = model?.points[index];
    if (point) onOpen(point);
  };
  return (
    <figure className="time-series" aria-label={title}>
      <div ref={place} className="chart" style={{ height }}>
        {props.loading || !model ? (
          <Skeleton height={height} />
        ) : (
          <>
            <Underlay model={model} layout={layout} hatch={`${id}-hatch`} />
            <Axes model={model} empty={model.points.length === 0 ? props.empty : undefined} />
            <ScatterDots model={model} />
            <MarkerLines model={model} layout={layout} />
            {rect ? <div className="scatter-box" style={rect} data-testid="selection-box" /> : null}
            <ScatterInput
              model={model}
              summary={summaryOf(title, model)}
              sentence={(index) => {
                const point = model.points[index];
                return point ? `${figures(point, model)}: ${name(point)}` : '';
              }}
              onPoint={onPoint}
              onOpen={open}
              onBox={props.onBox}
              onClear={props.onClear}
            />
            {at === -1 ? null : (
              <Readout
                model={model}
                index={at}
                name={name(model.points[at] as Point)}
                onOpen={shown?.isKept ? () => open(at) : undefined}
              >
                {props.detail?.(model.points[at] as Point)}
              </Readout>
            )}
            <MarkerLane layout={layout} plot={model} />
          </>
        )}
      </div>
    </figure>
  );
}

function Axes({ model, empty }: { model: ScatterModel; empty: string | undefined }) {
  const { left, right, top, bottom, width, height, x, y, xTicks, yTicks, yText } = model;
  return (
    <svg className="layer" width={width} height={height} aria-hidden="true">
      {yTicks.map((tick) => (
        <g key={tick}>
          <path d={`M${left} ${Math.round(y(tick)) + 0.5}H${width - right}`} stroke="var(--grid)" />
          <text x={left - 6} y={y(tick) + 4} textAnchor="end">
            {yText(tick)}
          </text>
        </g>
      ))}
      {xTicks.map(({ value, text }) => (
        <text
          key={value}
          x={x(value)}
          y={height - 4}
          textAnchor={width - x(value) < 26 ? 'end' : x(value) - left < 16 ? 'start' : 'middle'}
        >
          {text}
        </text>
      ))}
      {empty ? (
        <text x={(left + width - right) / 2} y={(top + bottom) / 2} textAnchor="middle">
          {empty}
        </text>
      ) : null}
    </svg>
  );
}

function MarkerLines({ model, layout }: { model: ScatterModel; layout: MarkerLayout }) {
  const { left, right, top, bottom, width, height } = model;
  return (
    <svg className="layer" width={width} height={height} aria-hidden="true">
      {layout.groups.map(({ at, markers }) => {
        const x = left + at * (width - left - right);
        const color = `var(${markerLook(markers[0]?.kind ?? '').color})`;
        return (
          <path
            key={markers[0]?.id}
            d={`M${x} ${top}V${bottom}`}
            stroke={color}
            strokeWidth="1.5"
            strokeDasharray="2 3"
          />
        );
      })}
    </svg>
  );
}

interface ReadoutProps {
  model: ScatterModel;
  index: number;
  name: string;
  /** Given where the box stays: it then has a button. */
  onOpen?: () => void;
  children: ReactNode;
}

/** The point that is looked at, with a ring round it and its figures beside it. */
function Readout({ model, index, name, onOpen, children }: ReadoutProps) {
  const [x, y] = [model.xs[index] as number, model.ys[index] as number];
  const point = model.points[index];
  if (!point) return null;
  const side = x < model.width / 2 ? { left: x + 14 } : { right: model.width - x + 14 };
  return (
    <>
      <svg className="layer" width={model.width} height={model.height} aria-hidden="true">
        <circle cx={x} cy={y} r="6" fill="none" stroke="var(--brass)" strokeWidth="2" />
      </svg>
      <div
        className="readout"
        data-kept={onOpen ? '' : undefined}
        style={{ ...side, top: Math.min(y - 10, model.bottom - 70) }}
      >
        <div aria-hidden="true">
          <div className="faint">{figures(point, model)}</div>
          <div>
            <b>{name}</b>
          </div>
          {children}
        </div>
        {onOpen ? (
          <button type="button" className="btn sm" tabIndex={-1} onClick={onOpen}>
            Open
          </button>
        ) : null}
      </div>
    </>
  );
}

function figures(point: ScatterPoint, { unit, zone }: ScatterModel): string {
  const time = `${formatDateTime(point.timeMs, zone)} ${zoneWord(zone)}`;
  return `${time}, ${formatValue(point.value, unit)}${point.failed ? ', error' : ''}`;
}

function summaryOf(title: string, model: ScatterModel): string {
  const { points, unit, zone } = model;
  const [from, to] = model.x.domain;
  const range = `${formatDateTime(from, zone, false)} to ${formatDateTime(to, zone, false)} ${zoneWord(zone)}`;
  if (points.length === 0) return `${title}, ${range}. Nothing to show.`;
  const values = points.map(({ value }) => value);
  const span = `${formatValue(Math.min(...values), unit)} to ${formatValue(Math.max(...values), unit)}`;
  const failed = points.filter((point) => point.failed).length;
  return `${title}, ${range}. ${points.length} points, ${failed} with errors, ${span}. Arrow keys read them, Enter opens, Shift with arrow keys and then Enter selects.`;
}

/** What dots and crosses mean. */
export function ScatterLegend() {
  return (
    <ul className="legend shapes" aria-label="Shapes">
      <li>
        <svg width="10" height="10" aria-hidden="true">
          <circle cx="5" cy="5" r="3" fill="var(--s1)" opacity=".65" />
        </svg>
        ok
      </li>
      <li className="bad">
        <svg width="10" height="10" aria-hidden="true">
          <path d="M2 2l6 6m0-6l-6 6" stroke="var(--bad)" strokeWidth="1.6" />
        </svg>
        error
      </li>
    </ul>
  );
}
