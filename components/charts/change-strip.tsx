'use client';
import { useId } from 'react';
import type { Zone } from '../ui/format-time.ts';
import { HatchPattern } from './layers.tsx';
import { MarkerLane } from './marker-lane.tsx';
import { layoutMarkers, type Marker, markerLook } from './markers.ts';
import { areaPath, linePath, type Values } from './paths.ts';
import { linearScale, valueTicks } from './scale.ts';
import { tickText, zoneTicks } from './time-labels.ts';
import { axisFormat, type Unit } from './units.ts';
import { useWidth } from './use-width.ts';

export interface ChangeStripProps {
  /** A sentence about what is shown. */
  title: string;
  fromMs: number;
  toMs: number;
  zone: Zone;
  markers: readonly Marker[];
  /** One line to hold the changes against; without it the strip has only its marks. */
  line?: { times: readonly number[]; values: Values; unit: Unit };
  threshold?: number;
  height?: number;
}

const axisHeight = 32;
const top = 8;
const left = 42;
const right = 10;
/** The line is drawn in this width and stretched: it is there with the first paint, before anything is measured. */
const drawn = 1000;

/** What changed, on one line of time. Small enough for the first load. */
export function ChangeStrip({ title, fromMs, toMs, zone, markers, line, threshold, height = 104 }: ChangeStripProps) {
  const id = useId();
  const [box, width] = useWidth<HTMLElement>();
  const layout = layoutMarkers(markers, fromMs, toMs, (width ?? 900) - left - right);
  const bottom = height - axisHeight;
  const values = line?.values.filter((value): value is number => value !== null) ?? [];
  const ticks = valueTicks(0, Math.max(0, ...values), { spaces: 3, floor: Math.max((threshold ?? 0) * 1.2, 0.001) });
  const text = axisFormat(line?.unit ?? 'none', ticks);
  const y = linearScale([0, ticks.at(-1) as number], [bottom, top]);
  const x = linearScale([fromMs, toMs], [0, drawn]);
  const xs = line?.times.map(x) ?? [];
  const share = (at: number) => `${at * 100}%`;
  return (
    <figure ref={box} className="strip-chart" style={{ height }} aria-label={title}>
      {line
        ? ticks.map((tick) => (
            <span key={tick} className="scale" style={{ top: y(tick), width: left - 6 }} aria-hidden="true">
              {text(tick)}
            </span>
          ))
        : null}
      <svg
        className="layer"
        style={{ left, width: `calc(100% - ${left + right}px)`, position: 'absolute', top: 0 }}
        height={height}
        aria-hidden="true"
      >
        <HatchPattern id={`${id}-hatch`} />
        {layout.bands
          .filter((band) => band.shape === 'tinted')
          .map((band) => (
            <g key={band.marker.id} fill={`var(${markerLook(band.marker.kind).color})`}>
              <rect
                x={share(band.from)}
                width={share(band.to - band.from)}
                y={top}
                height={bottom - top}
                opacity=".07"
              />
              <rect x={share(band.from)} width={share(band.to - band.from)} y={top - 3 + band.row * 4} height="3" />
            </g>
          ))}
        {line
          ? ticks.map((tick) => <line key={tick} x1="0" x2="100%" y1={y(tick)} y2={y(tick)} stroke="var(--grid)" />)
          : null}
        <line x1="0" x2="100%" y1={bottom} y2={bottom} stroke="var(--line-strong)" />
        {line ? (
          <svg
            width="100%"
            height={height}
            viewBox={`0 0 ${drawn} ${height}`}
            preserveAspectRatio="none"
            aria-hidden="true"
          >
            <path d={areaPath(xs, line.values, y, bottom)} fill="var(--s1)" opacity=".1" />
            <path
              d={linePath(xs, line.values, y)}
              fill="none"
              stroke="var(--s1)"
              strokeWidth="1.9"
              vectorEffect="non-scaling-stroke"
            />
          </svg>
        ) : null}
        {layout.bands
          .filter((band) => band.shape === 'hatched')
          .map((band) => (
            <rect
              key={band.marker.id}
              x={share(band.from)}
              width={share(band.to - band.from)}
              y={bottom - 9 * (band.row + 1)}
              height="9"
              fill={`url(#${id}-hatch)`}
              stroke="var(--fault)"
            />
          ))}
        {threshold !== undefined ? (
          <line
            x1="0"
            x2="100%"
            y1={y(threshold)}
            y2={y(threshold)}
            stroke="var(--ink-2)"
            strokeDasharray="6 3"
            strokeWidth="1.3"
          />
        ) : null}
        {layout.groups.map((group) => (
          <line
            key={group.markers[0]?.id}
            x1={share(group.at)}
            x2={share(group.at)}
            y1={top}
            y2={bottom}
            stroke={`var(${markerLook(group.markers[0]?.kind ?? '').color})`}
            strokeDasharray="2 3"
          />
        ))}
      </svg>
      <MarkerLane layout={layout} plot={{ zone, left, right, top, bottom }} />
      <TimeLabels fromMs={fromMs} toMs={toMs} zone={zone} width={width ?? 900} />
    </figure>
  );
}

function TimeLabels({ fromMs, toMs, zone, width }: { fromMs: number; toMs: number; zone: Zone; width: number }) {
  const { values, stepMs } = zoneTicks(fromMs, toMs, Math.max(2, Math.min(6, Math.floor(width / 90))), zone);
  return (
    <div className="axis" style={{ left, right }} aria-hidden="true">
      {values.map((value) => {
        const at = (value - fromMs) / (toMs - fromMs);
        return (
          <span
            key={value}
            className={at < 0.02 ? 'first' : at > 0.98 ? 'last' : undefined}
            style={{ left: `${at * 100}%` }}
          >
            {tickText(value, stepMs, zone)}
          </span>
        );
      })}
    </div>
  );
}
