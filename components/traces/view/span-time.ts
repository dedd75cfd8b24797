import { roundStep } from '../../charts/scale.ts';
import { axisFormat, formatValue } from '../../charts/units.ts';
import type { Zoom } from './trace-url.ts';

/** A length of time given in nanoseconds: `380 ms`, `1.84 s`, `12 µs`, `400 ns`. */
export function formatNs(ns: number): string {
  if (ns !== 0 && Math.abs(ns) < 1_000) return `${Math.round(ns)} ns`;
  return formatValue(ns / 1e9, 'seconds');
}

/** A time since something, in nanoseconds: `+380 ms`, or `−12 µs` before it. */
export const sinceText = (ns: number): string => `${ns < 0 ? '−' : '+'}${formatNs(Math.abs(ns))}`;

export interface Ticks {
  /** Nanoseconds since the start of the trace. */
  values: number[];
  stepNs: number;
  label: (ns: number) => string;
}

/** Round ticks within a part of a trace, at most `most` of them apart from one at its very end. */
export function spanTicks({ fromNs, toNs }: Zoom, most: number): Ticks {
  const stepNs = Math.max(1, roundStep((toNs - fromNs) / Math.max(1, most)));
  const values: number[] = [];
  const last = toNs + stepNs * 1e-9;
  for (let i = Math.ceil(fromNs / stepNs - 1e-9); i * stepNs <= last; i++) values.push(i * stepNs);
  const seconds = axisFormat(
    'seconds',
    values.map((ns) => ns / 1e9),
  );
  const inNs = stepNs < 1_000 && toNs < 1e6;
  return { values, stepNs, label: inNs ? (ns) => `${Math.round(ns)} ns` : (ns) => seconds(ns / 1e9) };
}

/** Where an instant lies in a part of a trace: 0 at its start, 1 at its end, beyond them outside. */
export function placeIn({ fromNs, toNs }: Zoom, ns: number): number {
  return toNs > fromNs ? (ns - fromNs) / (toNs - fromNs) : 0;
}

/** The part that is looked at: the chosen one, else all; one nanosecond where a trace has no length. */
export function shownPart(zoom: Zoom | null, totalNs: number): Zoom {
  return zoom && zoom.fromNs < totalNs ? zoom : { fromNs: 0, toNs: Math.max(1, totalNs) };
}
