'use client';
import { useSearchParams } from 'next/navigation';
import { useCallback, useMemo } from 'react';
import { type LogsView, parseLogsView, writeLogsView } from './logs-url.ts';

const quiet = new Set<keyof LogsView>(['line', 'around', 'isWrapped']);

/** The view in the address. Another search can be gone back from; opening a line or wrapping replaces the entry. */
export function useLogsView(): [LogsView, (change: Partial<LogsView>) => void] {
  const params = useSearchParams();
  const view = useMemo(() => parseLogsView(new URLSearchParams(params)), [params]);
  const set = useCallback((change: Partial<LogsView>) => {
    const url = new URL(window.location.href);
    writeLogsView(url.searchParams, { ...parseLogsView(url.searchParams), ...change });
    if (url.href === window.location.href) return;
    const isQuiet = (Object.keys(change) as (keyof LogsView)[]).every((key) => quiet.has(key));
    if (isQuiet) window.history.replaceState(null, '', url);
    else window.history.pushState(null, '', url);
  }, []);
  return [view, set];
}
