'use client';
import type { CSSProperties } from 'react';
import { formatClock, formatDateTime, formatSpan, type Zone } from '../ui/format-time.ts';
import { Glyph } from '../ui/glyph.tsx';
import { ExternalLink, Link } from '../ui/link.tsx';
import { Popover } from '../ui/popover.tsx';
import { Status } from '../ui/status.tsx';
import type { Tone } from '../ui/tone.ts';
import { Tooltip } from '../ui/tooltip.tsx';
import type { ChartModel } from './chart-model.ts';
import { type Marker, type MarkerLayout, markerLook, toMs } from './markers.ts';
import { useRoving } from './use-roving.ts';

const tones: Record<string, Tone> = {
  '--info': 'info',
  '--scaling': 'scaling',
  '--bad': 'bad',
  '--ink-2': 'dim',
  '--fault': 'fault',
};

function sentence(marker: Marker, zone: Zone): string {
  const who = marker.who ? `, by ${marker.who}` : '';
  return `${formatClock(toMs(marker.startAt), zone, true)} ${marker.kind}: ${marker.title}${who}`;
}

export interface MarkerLaneProps {
  layout: MarkerLayout;
  /** The plot's box inside the chart, in CSS lengths. */
  plot: Pick<ChartModel, 'zone' | 'left' | 'right' | 'top' | 'bottom'>;
}

/** The shapes below the axis and the handles of bands. One tab stop; arrow keys move along. */
export function MarkerLane({ layout, plot: { zone, left, right, top, bottom } }: MarkerLaneProps) {
  const { groups, bands } = layout;
  const roving = useRoving(groups.length + bands.length);
  if (groups.length + bands.length === 0) return null;
  const share = (at: number) => `calc(${left}px + (100% - ${left + right}px) * ${at})`;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms
    <div ref={roving.box} role="group" aria-label="What changed" onKeyDown={roving.onKeyDown}>
      {bands.map((band, i) => (
        <MarkerHandle
          key={band.marker.id}
          markers={[band.marker]}
          zone={zone}
          className="mark-band"
          style={{
            left: share(band.from),
            width: `calc((100% - ${left + right}px) * ${band.to - band.from})`,
            top: band.shape === 'tinted' ? top - 6 + band.row * 4 : bottom - 9 * (band.row + 1),
          }}
          roving={roving.itemProps(i)}
        />
      ))}
      {groups.map((group, i) => (
        <MarkerHandle
          key={group.markers[0]?.id}
          markers={group.markers}
          zone={zone}
          className="mark-point"
          style={{
            left: share(group.at),
            top: bottom - 4,
            color: `var(${markerLook(group.markers[0]?.kind ?? '').color})`,
          }}
          roving={roving.itemProps(bands.length + i)}
        />
      ))}
    </div>
  );
}

interface HandleProps {
  markers: Marker[];
  zone: Zone;
  className: string;
  style: CSSProperties;
  roving: ReturnType<ReturnType<typeof useRoving>['itemProps']>;
}

function MarkerHandle({ markers, zone, className, style, roving }: HandleProps) {
  const point = className === 'mark-point';
  const label = markers.map((marker) => sentence(marker, zone)).join('; ');
  return (
    <Tooltip
      describe={false}
      text={markers.slice(0, 6).map((marker) => <div key={marker.id}>{sentence(marker, zone)}</div>)}
    >
      <Popover
        label={label}
        align="center"
        trigger={
          <button
            type="button"
            className={className}
            style={style}
            aria-label={label}
            data-count={point && markers.length > 1 ? markers.length : undefined}
            {...roving}
          >
            {point ? <Glyph name={markerLook(markers[0]?.kind ?? '').glyph} size={11} /> : null}
          </button>
        }
      >
        <div className="stack">
          {markers.map((marker) => (
            <MarkerCard key={marker.id} marker={marker} zone={zone} />
          ))}
        </div>
      </Popover>
    </Tooltip>
  );
}

function MarkerCard({ marker, zone }: { marker: Marker; zone: Zone }) {
  const look = markerLook(marker.kind);
  const start = toMs(marker.startAt);
  const end = marker.endAt === undefined || marker.endAt === null ? undefined : toMs(marker.endAt);
  return (
    <div className="grid min-w-[220px] gap-1">
      <div className="row">
        <b className="grow">{formatDateTime(start, zone)}</b>
        <Status state="ok" tone={tones[look.color] ?? 'dim'} glyph={look.glyph} word={marker.kind} />
      </div>
      <div>{marker.title}</div>
      {marker.detail ? <div className="dim">{marker.detail}</div> : null}
      <div className="faint">
        {marker.who ? `by ${marker.who}` : null}
        {end === undefined ? null : `${marker.who ? ' · ' : ''}for ${formatSpan(end - start)}`}
      </div>
      {marker.href ? (
        <div>
          {marker.href.startsWith('/') ? (
            <Link href={marker.href} className="link">
              Open
            </Link>
          ) : (
            <ExternalLink href={marker.href}>Open</ExternalLink>
          )}
        </div>
      ) : null}
    </div>
  );
}
