'use client';
import { useSearchParams } from 'next/navigation';
import { createContext, type ReactNode, use, useCallback, useEffect, useMemo, useState } from 'react';
import {
  absoluteRange,
  defaultTimeRange,
  parseTimeRange,
  refreshEveryMs,
  resolveTimeRange,
  type TimeRange,
  timeRangeParams,
  zoomOut as widened,
} from '#lib/core/time-range.ts';
import type { Zone } from '../ui/format-time.ts';

export interface TimeRangeValue {
  range: TimeRange;
  /** The ends at the last renewal, in milliseconds. A live range moves on every `refreshMs`. */
  fromMs: number;
  toMs: number;
  zone: Zone;
  live: boolean;
  /** How often figures are worth fetching again; false while paused or in the past: give it to `refetchInterval`. */
  refreshMs: number | false;
  /** What could not be read from the address, in words. */
  problem: string | undefined;
  /** Writes another range into the address; the browser's back button returns. */
  set: (range: TimeRange) => void;
  zoom: (fromMs: number, toMs: number) => void;
  zoomOut: () => void;
  setLive: (live: boolean) => void;
}

const Context = createContext<TimeRangeValue | null>(null);

export interface TimeRangeProviderProps {
  /** The time of the server at rendering, so that server and browser draw the same. */
  nowMs: number;
  /** The person's own zone, where the address says nothing. */
  zone?: Zone;
  children: ReactNode;
}

function write(range: TimeRange, fallback: TimeRange): void {
  const url = new URL(window.location.href);
  for (const [name, value] of Object.entries(timeRangeParams(range, fallback))) {
    if (value === null) url.searchParams.delete(name);
    else url.searchParams.set(name, value);
  }
  // The address alone changes: the figures are fetched by their queries, not by the server rendering the page again.
  if (url.href !== window.location.href) window.history.pushState(null, '', url);
}

/** Reads the time range from the address and moves it on while it is live. */
export function TimeRangeProvider({ nowMs, zone = 'utc', children }: TimeRangeProviderProps) {
  const params = useSearchParams();
  const fallback = useMemo<TimeRange>(() => ({ ...defaultTimeRange, zone }), [zone]);
  const { range, problem } = useMemo(() => parseTimeRange(params, fallback), [params, fallback]);
  const [now, setNow] = useState(nowMs);
  const [alive, setAlive] = useState(false);
  const first = resolveTimeRange(range, now);
  const everyMs = refreshEveryMs(first.toMs - first.fromMs);

  useEffect(() => {
    setAlive(true);
    setNow(Date.now());
  }, []);
  useEffect(() => {
    setNow(Date.now());
    if (!range.live) return;
    const timer = setInterval(() => {
      if (!document.hidden) setNow(Date.now());
    }, everyMs);
    const onVisible = () => document.hidden || setNow(Date.now());
    document.addEventListener('visibilitychange', onVisible);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [range, everyMs]);

  const set = useCallback((next: TimeRange) => write(next, fallback), [fallback]);
  const value = useMemo<TimeRangeValue>(() => {
    const at = Math.floor(now / 1000) * 1000;
    return {
      range,
      ...resolveTimeRange(range, at),
      // The server does not know the browser's zone: the first drawing is in UTC.
      zone: alive ? range.zone : 'utc',
      live: range.live,
      refreshMs: range.live ? everyMs : false,
      problem,
      set,
      zoom: (fromMs, toMs) => set(absoluteRange(range, fromMs, toMs)),
      zoomOut: () => set(widened(range, Date.now())),
      setLive: (live) => set({ ...range, live }),
    };
  }, [range, now, alive, everyMs, problem, set]);

  return <Context value={value}>{children}</Context>;
}

/** The time range of the page and what changes it. */
export function useTimeRange(): TimeRangeValue {
  const value = use(Context);
  if (!value) throw new Error('useTimeRange needs a TimeRangeProvider above it');
  return value;
}
