'use client';
import { useSyncExternalStore } from 'react';

export interface Crosshair {
  timeMs: number;
  /** The chart that is pointed at; only this one shows its figures. */
  source: string;
}

let present: Crosshair | null = null;
const listeners = new Set<() => void>();

/** Moves the one crosshair that all charts of the page share, or takes it away. */
export function setCrosshair(next: Crosshair | null): void {
  if (present === next || (present && next && present.timeMs === next.timeMs && present.source === next.source)) return;
  present = next;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where the crosshair is, for charts to draw it. */
export function useCrosshair(): Crosshair | null {
  return useSyncExternalStore(
    subscribe,
    () => present,
    () => null,
  );
}
