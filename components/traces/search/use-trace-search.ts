'use client';
import { useSearchParams } from 'next/navigation';
import { useCallback, useMemo } from 'react';
import { parseSearch, type TraceSearch, writeSearch } from './search-url.ts';

/** What is searched for and selected. The address has all of it; each change can be gone back from. */
export function useTraceSearch(): [TraceSearch, (change: Partial<TraceSearch>) => void] {
  const params = useSearchParams();
  const search = useMemo(() => parseSearch(new URLSearchParams(params)), [params]);
  const set = useCallback((change: Partial<TraceSearch>) => {
    const url = new URL(window.location.href);
    url.search = writeSearch(url.searchParams, { ...parseSearch(url.searchParams), ...change }).toString();
    if (url.href !== window.location.href) window.history.pushState(null, '', url);
  }, []);
  return [search, set];
}
