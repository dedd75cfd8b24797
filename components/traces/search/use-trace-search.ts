'use client';
import { useSearchParams } from 'next/navigation';
import { useCallback, useMemo, useRef, useState } from 'react';
import { parseSearch, type TraceSearch, writeSearch } from './search-url.ts';

export type SearchChange = Partial<TraceSearch> | ((present: TraceSearch) => Partial<TraceSearch>);

/**
 * What is searched for and selected. The address has all of it; each change can be gone back from. A change is seen at
 * once, before the page has taken up the new address.
 */
export function useTraceSearch(): [TraceSearch, (change: SearchChange) => void] {
  const params = useSearchParams();
  const known = useRef(params);
  known.current = params;
  const [ahead, setAhead] = useState<{ of: typeof params; search: TraceSearch } | null>(null);
  const written = useMemo(() => parseSearch(new URLSearchParams(params)), [params]);
  const set = useCallback((change: SearchChange) => {
    const url = new URL(window.location.href);
    const present = parseSearch(url.searchParams);
    const search = { ...present, ...(typeof change === 'function' ? change(present) : change) };
    url.search = writeSearch(url.searchParams, search).toString();
    if (url.href === window.location.href) return;
    window.history.pushState(null, '', url);
    setAhead({ of: known.current, search });
  }, []);
  return [ahead && ahead.of === params ? ahead.search : written, set];
}
