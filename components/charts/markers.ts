import type { GlyphName } from '../ui/glyph.tsx';

export type MarkerKind = 'deploy' | 'scaling' | 'alert' | 'config' | 'fault' | 'incident' | 'note';

/** Something that happened, to be shown at its time on every chart. */
export interface Marker {
  id: string;
  /** One of the known kinds; any other is drawn as a note. */
  kind: MarkerKind | (string & {});
  /** Milliseconds or RFC 3339. */
  startAt: number | string;
  /** Left out for what is a point in time, and for what still goes on. */
  endAt?: number | string | null;
  title: string;
  detail?: string;
  who?: string;
  href?: string;
}

const looks: Record<MarkerKind, { color: string; glyph: GlyphName; shape: 'point' | 'hatched' | 'tinted' }> = {
  deploy: { color: '--info', glyph: 'deploy', shape: 'point' },
  scaling: { color: '--scaling', glyph: 'scaling', shape: 'point' },
  alert: { color: '--bad', glyph: 'alert', shape: 'point' },
  config: { color: '--ink-2', glyph: 'config', shape: 'point' },
  note: { color: '--ink-2', glyph: 'note', shape: 'point' },
  fault: { color: '--fault', glyph: 'fault', shape: 'hatched' },
  incident: { color: '--bad', glyph: 'incident', shape: 'tinted' },
};

/** Colour and shape of a kind. */
export function markerLook(kind: string) {
  return looks[kind as MarkerKind] ?? looks.note;
}

/** Milliseconds of an instant that is given either way. */
export function toMs(at: number | string): number {
  return typeof at === 'number' ? at : Date.parse(at);
}

export interface MarkerGroup {
  /** Share of the width, 0 to 1. */
  at: number;
  markers: Marker[];
}

export interface MarkerBand {
  marker: Marker;
  shape: 'hatched' | 'tinted';
  from: number;
  to: number;
  /** Row above the axis, so that bands of the same time do not cover each other. */
  row: number;
}

export interface MarkerLayout {
  groups: MarkerGroup[];
  bands: MarkerBand[];
}

/**
 * Where markers stand between two instants: points that would touch (closer than `gapPx` at `widthPx`) share a group,
 * intervals become bands, clipped to the range and put in rows where they overlap.
 */
export function layoutMarkers(
  markers: readonly Marker[],
  fromMs: number,
  toMs_: number,
  widthPx: number,
  gapPx = 10,
): MarkerLayout {
  const span = toMs_ - fromMs || 1;
  const share = (ms: number) => (ms - fromMs) / span;
  const sorted = markers
    .map((marker) => ({ marker, start: toMs(marker.startAt) }))
    .filter(({ start }) => Number.isFinite(start) && start <= toMs_)
    .sort((a, b) => a.start - b.start);
  const groups: MarkerGroup[] = [];
  const bands: MarkerBand[] = [];
  const rowEnds: Record<'hatched' | 'tinted', number[]> = { hatched: [], tinted: [] };
  for (const { marker, start } of sorted) {
    const { shape } = markerLook(marker.kind);
    if (shape === 'point') {
      if (start < fromMs) continue;
      const last = groups.at(-1);
      if (last && (share(start) - last.at) * widthPx < gapPx) last.markers.push(marker);
      else groups.push({ at: share(start), markers: [marker] });
      continue;
    }
    const end = marker.endAt === undefined || marker.endAt === null ? toMs_ : toMs(marker.endAt);
    if (end < fromMs) continue;
    const from = Math.max(0, share(start));
    const to = Math.min(1, share(Math.max(end, start)));
    const ends = rowEnds[shape];
    const free = ends.findIndex((rowEnd) => rowEnd <= from);
    const row = free === -1 ? ends.length : free;
    ends[row] = to;
    bands.push({ marker, shape, from, to, row });
  }
  return { groups, bands };
}
