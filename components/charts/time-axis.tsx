'use client';
import { createContext, type ReactNode, use } from 'react';
import type { Zone } from '../ui/format-time.ts';
import type { Marker } from './markers.ts';

export interface TimeAxis {
  fromMs: number;
  toMs: number;
  zone: Zone;
  markers?: readonly Marker[];
  onZoom?: (fromMs: number, toMs: number) => void;
  onZoomOut?: () => void;
}

const Context = createContext<TimeAxis | null>(null);

/** Gives all charts inside the same time axis, the same markers and the same zoom. */
export function TimeAxisProvider({ axis, children }: { axis: TimeAxis; children: ReactNode }) {
  return <Context value={axis}>{children}</Context>;
}

/** The time axis of the page, when there is one. */
export function useTimeAxis(): TimeAxis | null {
  return use(Context);
}
