import type { Flame } from '#lib/traces/flame-rules.ts';
import type { TraceModel } from './trace-model.ts';
import type { Zoom } from './trace-url.ts';

/** Height of a row of the flame graph, in pixels. */
export const laneHeight = 20;

/** Spans by row and, in each, by time: those of row `i` stand in `spans` from `first[i]` to before `first[i + 1]`. */
export interface Lanes {
  first: Int32Array;
  spans: Int32Array;
}

export function lanesOf({ lane, lanes, fromNs }: Flame): Lanes {
  const first = new Int32Array(lanes + 1);
  for (const one of lane) first[one + 1] = (first[one + 1] as number) + 1;
  for (let i = 0; i < lanes; i++) first[i + 1] = (first[i + 1] as number) + (first[i] as number);
  const spans = Int32Array.from(lane.keys()).sort((a, b) => (fromNs[a] as number) - (fromNs[b] as number) || a - b);
  const placed = new Int32Array(spans.length);
  const next = first.slice(0, lanes);
  for (const span of spans) {
    const at = lane[span] as number;
    placed[next[at] as number] = span;
    next[at] = (next[at] as number) + 1;
  }
  return { first, spans: placed };
}

/** Place in `spans` of the last span of a row that begins at or before an instant; -1 where none does. */
export function lastBefore({ first, spans }: Lanes, { fromNs }: Flame, lane: number, ns: number): number {
  let low = first[lane] ?? 0;
  let high = first[lane + 1] ?? low;
  const least = low;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((fromNs[spans[middle] as number] as number) <= ns) low = middle + 1;
    else high = middle;
  }
  return low > least ? low - 1 : -1;
}

/** The span that is drawn at a place; -1 where there is none. `slackNs` makes narrow ones easier to meet. */
export function spanAt(lanes: Lanes, flame: Flame, lane: number, ns: number, slackNs: number): number {
  if (lane < 0 || lane >= flame.lanes) return -1;
  const place = lastBefore(lanes, flame, lane, ns + slackNs);
  if (place < 0) return -1;
  const span = lanes.spans[place] as number;
  return (flame.toNs[span] as number) + slackNs >= ns ? span : -1;
}

export interface FlameLook {
  /** By number of the colour: the ground of a bar, and what is read on it. */
  services: readonly { fill: string; text: string }[];
  faint: string;
  bad: string;
  brass: string;
  font: string;
}

export interface FlamePart {
  part: Zoom;
  width: number;
  /** Pixels of the whole graph that lie above what is drawn. */
  top: number;
  height: number;
  selected: number;
  flags: Uint8Array | null;
  isAsync: (span: number) => boolean;
}

const leastText = 28;

/** Draws the rows that are seen. Spans that share a pixel with the one before them are left out. */
export function paintFlame(
  g: CanvasRenderingContext2D,
  model: TraceModel,
  flame: Flame,
  lanes: Lanes,
  look: FlameLook,
  { part, width, top, height, selected, flags, isAsync }: FlamePart,
): void {
  g.clearRect(0, 0, width, height);
  g.font = look.font;
  g.textBaseline = 'middle';
  const { trace, spans } = model;
  const perNs = width / (part.toNs - part.fromNs);
  const firstLane = Math.max(0, Math.floor(top / laneHeight));
  const lastLane = Math.min(flame.lanes - 1, Math.floor((top + height) / laneHeight));
  for (let lane = firstLane; lane <= lastLane; lane++) {
    const y = lane * laneHeight - top;
    let drawn = -1;
    const begin = Math.max(lanes.first[lane] as number, lastBefore(lanes, flame, lane, part.fromNs));
    for (let place = begin; place < (lanes.first[lane + 1] as number); place++) {
      const span = lanes.spans[place] as number;
      const from = ((flame.fromNs[span] as number) - part.fromNs) * perNs;
      if (from > width) break;
      const to = ((flame.toNs[span] as number) - part.fromNs) * perNs;
      if (to < 0 || (to <= drawn && span !== selected)) continue;
      const x = Math.max(0, from);
      const w = Math.max(1, Math.min(width, to) - x - (to - from > 3 ? 1 : 0));
      drawn = x + 1;
      const color = look.services[model.colors[spans.service[span] as number] as number];
      const isDim = flags !== null && flags[span] !== 1;
      g.globalAlpha = isDim ? 0.25 : isAsync(span) ? 0.55 : 1;
      g.fillStyle = color?.fill ?? look.faint;
      g.fillRect(x, y + 1, w, laneHeight - 2);
      if (spans.status[span] === 2) {
        g.globalAlpha = 1;
        g.fillStyle = look.bad;
        g.fillRect(x, y + laneHeight - 4, w, 3);
      }
      if (w > leastText) {
        // Pale bars stand on the panel: what is read on them is the panel's ink.
        g.globalAlpha = isDim ? 0.6 : 1;
        g.fillStyle = isDim || isAsync(span) ? look.faint : (color?.text ?? look.faint);
        const name = trace.names[spans.name[span] as number] ?? '';
        const mark = spans.status[span] === 2 ? '✕ ' : '';
        g.fillText(
          fitted(g, `${mark}${trace.services[spans.service[span] as number] ?? ''} ${name}`, w - 8),
          x + 4,
          y + laneHeight / 2,
        );
      }
      if (span === selected) {
        g.globalAlpha = 1;
        g.strokeStyle = look.brass;
        g.lineWidth = 2;
        g.strokeRect(x + 1, y + 2, Math.max(2, w - 2), laneHeight - 4);
      }
    }
  }
  g.globalAlpha = 1;
}

/** As much of a text as fits; about six pixels to a letter, so that nothing is measured twice. */
function fitted(g: CanvasRenderingContext2D, text: string, width: number): string {
  const most = Math.floor(width / 5.4);
  if (text.length <= most && g.measureText(text).width <= width) return text;
  let short = text.slice(0, Math.max(1, most));
  while (short.length > 1 && g.measureText(`${short}…`).width > width) short = short.slice(0, -1);
  return short.length > 1 ? `${short}…` : '';
}

/** Black or white, whichever is read better on a colour given as `#rrggbb`. */
export function inkOn(color: string): string {
  const hex = /^#([0-9a-f]{6})$/i.exec(color.trim())?.[1];
  if (!hex) return '#000000';
  const light = [0, 2, 4].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const luminance = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2];
  return luminance > 0.179 ? '#000000' : '#ffffff';
}
