import type { Zoom } from './trace-url.ts';

/** No part shorter than this can be looked at: clocks tell no more. Nanoseconds. */
export const shortestZoomNs = 100;

/** A part within the trace; null when it is all of it, or when the trace has no length to choose from. */
export function clampZoom(fromNs: number, toNs: number, totalNs: number): Zoom | null {
  if (!(totalNs > shortestZoomNs)) return null;
  const [low, high] = fromNs <= toNs ? [fromNs, toNs] : [toNs, fromNs];
  const missing = Math.max(0, shortestZoomNs - (high - low)) / 2;
  const from = Math.min(Math.max(0, low - missing), totalNs - shortestZoomNs);
  const to = Math.max(Math.min(totalNs, high + missing), from + shortestZoomNs);
  return from <= 0 && to >= totalNs ? null : { fromNs: from, toNs: to };
}

/** The part that a pointer drew from one place to another, as ratios of the minimap's width. */
export function drawnZoom(startRatio: number, endRatio: number, totalNs: number): Zoom | null {
  const inside = (ratio: number) => Math.min(1, Math.max(0, ratio));
  return clampZoom(inside(startRatio) * totalNs, inside(endRatio) * totalNs, totalNs);
}

/** The part with one of its ends elsewhere; it never passes the other end. */
export function movedEdge(zoom: Zoom | null, edge: 'from' | 'to', atNs: number, totalNs: number): Zoom | null {
  const { fromNs, toNs } = zoom ?? { fromNs: 0, toNs: totalNs };
  return edge === 'from'
    ? clampZoom(Math.min(Math.max(0, atNs), toNs - shortestZoomNs), toNs, totalNs)
    : clampZoom(fromNs, Math.max(Math.min(totalNs, atNs), fromNs + shortestZoomNs), totalNs);
}

/** The part moved as a whole; it keeps its length and stops at the ends of the trace. */
export function pannedZoom(zoom: Zoom | null, byNs: number, totalNs: number): Zoom | null {
  if (!zoom) return null;
  const length = zoom.toNs - zoom.fromNs;
  const from = Math.min(Math.max(0, zoom.fromNs + byNs), totalNs - length);
  return clampZoom(from, from + length, totalNs);
}

/** The part made shorter (a factor below 1) or longer round a place that stays where it is. */
export function scaledZoom(zoom: Zoom | null, factor: number, totalNs: number, aroundNs?: number): Zoom | null {
  const { fromNs, toNs } = zoom ?? { fromNs: 0, toNs: totalNs };
  const around = Math.min(toNs, Math.max(fromNs, aroundNs ?? (fromNs + toNs) / 2));
  return clampZoom(around - (around - fromNs) * factor, around + (toNs - around) * factor, totalNs);
}

const edgeStep = 0.02;

/** What a key does to one end of the part: arrows by 2 % of the trace (10 % with Shift), Home, End. undefined: nothing. */
export function keyedEdge(
  zoom: Zoom | null,
  edge: 'from' | 'to',
  press: { key: string; shiftKey: boolean },
  totalNs: number,
): Zoom | null | undefined {
  const at = zoom ? (edge === 'from' ? zoom.fromNs : zoom.toNs) : edge === 'from' ? 0 : totalNs;
  const step = totalNs * edgeStep * (press.shiftKey ? 5 : 1);
  const to = {
    ArrowLeft: at - step,
    ArrowDown: at - step,
    ArrowRight: at + step,
    ArrowUp: at + step,
    PageDown: at - step * 5,
    PageUp: at + step * 5,
    Home: 0,
    End: totalNs,
  }[press.key];
  return to === undefined ? undefined : movedEdge(zoom, edge, to, totalNs);
}

/** A part that shows a span with some air round it. */
export function zoomOnSpan(offsetNs: number, durationNs: number, totalNs: number): Zoom | null {
  const air = Math.max(durationNs * 0.1, shortestZoomNs);
  return clampZoom(offsetNs - air, offsetNs + durationNs + air, totalNs);
}
