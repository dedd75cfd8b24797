'use client';
import { useSearchParams } from 'next/navigation';
import { useCallback } from 'react';
import { useRange } from '../../charts/use-range.ts';

export type ChartsOver = 'window' | 'range';

/**
 * Over which time the charts of an SLO go: its own window, unless the address asks for a time range or says so
 * (`charts=window` or `charts=range`).
 */
export function useSloRange() {
  const params = useSearchParams();
  const range = useRange();
  const said = params.get('charts');
  const asked = params.has('from') || params.has('to');
  const over: ChartsOver = said === 'window' || said === 'range' ? said : asked ? 'range' : 'window';
  const setOver = useCallback((next: ChartsOver) => {
    const url = new URL(window.location.href);
    const usual = url.searchParams.has('from') || url.searchParams.has('to') ? 'range' : 'window';
    if (next === usual) url.searchParams.delete('charts');
    else url.searchParams.set('charts', next);
    if (url.href !== window.location.href) window.history.pushState(null, '', url);
  }, []);
  /** A stretch that was drawn on a chart becomes the time range of the page. */
  const zoom = useCallback(
    (fromMs: number, toMs: number) => {
      const url = new URL(window.location.href);
      url.searchParams.delete('charts');
      window.history.replaceState(null, '', url);
      range.zoom(fromMs, toMs);
    },
    [range.zoom],
  );
  return { ...range, over, setOver, zoom, wanted: over === 'range' ? range.wanted : {} };
}
