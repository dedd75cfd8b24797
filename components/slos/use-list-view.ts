'use client';
import { useSearchParams } from 'next/navigation';
import { useCallback, useMemo } from 'react';
import { type ListView, listViewParams, parseListView } from './list-view.ts';

/** The view in the address. Typing replaces the entry of the history; each other change can be gone back from. */
export function useListView(): [ListView, (change: Partial<ListView>) => void] {
  const params = useSearchParams();
  const view = useMemo(() => parseListView(params), [params]);
  const set = useCallback((change: Partial<ListView>) => {
    const url = new URL(window.location.href);
    const next = { ...parseListView(url.searchParams), ...change };
    for (const [name, value] of Object.entries(listViewParams(next))) {
      if (value === null) url.searchParams.delete(name);
      else url.searchParams.set(name, value);
    }
    if (url.href === window.location.href) return;
    if (change.q !== undefined && Object.keys(change).length === 1) window.history.replaceState(null, '', url);
    else window.history.pushState(null, '', url);
  }, []);
  return [view, set];
}
