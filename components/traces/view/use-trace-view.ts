'use client';
import { useSearchParams } from 'next/navigation';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { parseTraceView, type TraceViewState, traceViewKey, writeTraceView } from './trace-url.ts';

/** Holding a key down must not write the address with every row. */
const settleMs = 120;

export type ChangeView = (
  change: Partial<TraceViewState> | ((state: TraceViewState) => Partial<TraceViewState>),
) => void;

/** How the trace is looked at. The address follows a moment later, without a new entry in the history. */
export function useTraceView(): { state: TraceViewState; change: ChangeView } {
  const params = useSearchParams();
  const key = useMemo(() => traceViewKey(new URLSearchParams(params)), [params]);
  const [state, setState] = useState(() => parseTraceView(new URLSearchParams(params)));
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef(state);
  /** Our part of the address as it was read or written last. */
  const known = useRef(key);

  // A link or the history led elsewhere: the address is right.
  useEffect(() => {
    if (known.current === key) return;
    known.current = key;
    clearTimeout(timer.current);
    latest.current = parseTraceView(new URLSearchParams(window.location.search));
    setState(latest.current);
  }, [key]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const change = useCallback<ChangeView>((wanted) => {
    const before = latest.current;
    const next = { ...before, ...(typeof wanted === 'function' ? wanted(before) : wanted) };
    latest.current = next;
    setState(next);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const url = new URL(window.location.href);
      const search = writeTraceView(url.searchParams, latest.current);
      url.search = search.toString();
      known.current = traceViewKey(search);
      if (url.href !== window.location.href) window.history.replaceState(null, '', url);
    }, settleMs);
  }, []);

  return { state, change };
}
