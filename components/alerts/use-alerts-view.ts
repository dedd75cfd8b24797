'use client';
import { useSearchParams } from 'next/navigation';
import { useCallback, useMemo } from 'react';
import { type AlertsView, parseAlertsView, writeAlertsView } from './alerts-url.ts';

const quiet = new Set<keyof AlertsView>(['q']);

/** The view in the address. Typing replaces the entry of the history; each other change can be gone back from. */
export function useAlertsView(): [AlertsView, (change: Partial<AlertsView>) => void] {
  const params = useSearchParams();
  const view = useMemo(() => parseAlertsView(new URLSearchParams(params)), [params]);
  const set = useCallback((change: Partial<AlertsView>) => {
    const url = new URL(window.location.href);
    writeAlertsView(url.searchParams, { ...parseAlertsView(url.searchParams), ...change });
    if (url.href === window.location.href) return;
    const isQuiet = (Object.keys(change) as (keyof AlertsView)[]).every((key) => quiet.has(key));
    if (isQuiet) window.history.replaceState(null, '', url);
    else window.history.pushState(null, '', url);
  }, []);
  return [view, set];
}
