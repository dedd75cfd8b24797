'use client';
import { useSearchParams } from 'next/navigation';
import { useCallback, useMemo } from 'react';

/**
 * A view of a list that stands in the address. Typing in its filter (`q`) replaces the entry of the history; each other
 * change can be gone back from. `parse` and `paramsOf` (null: leave it out) are given from outside of the component.
 */
export function useUrlView<View extends { q: string }>(
  parse: (params: { get(name: string): string | null }) => View,
  paramsOf: (view: View) => Record<string, string | null>,
): [View, (change: Partial<View>) => void] {
  const params = useSearchParams();
  const view = useMemo(() => parse(params), [params, parse]);
  const set = useCallback(
    (change: Partial<View>) => {
      const url = new URL(window.location.href);
      const next = { ...parse(url.searchParams), ...change };
      for (const [name, value] of Object.entries(paramsOf(next))) {
        if (value === null) url.searchParams.delete(name);
        else url.searchParams.set(name, value);
      }
      if (url.href === window.location.href) return;
      if (change.q !== undefined && Object.keys(change).length === 1) window.history.replaceState(null, '', url);
      else window.history.pushState(null, '', url);
    },
    [parse, paramsOf],
  );
  return [view, set];
}
