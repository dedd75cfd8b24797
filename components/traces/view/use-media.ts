'use client';
import { useCallback, useSyncExternalStore } from 'react';

/** Whether a media query holds; false on the server and at the first drawing. */
export function useMedia(query: string): boolean {
  const subscribe = useCallback(
    (onChange: () => void) => {
      const list = window.matchMedia(query);
      list.addEventListener('change', onChange);
      return () => list.removeEventListener('change', onChange);
    },
    [query],
  );
  return useSyncExternalStore(
    subscribe,
    () => window.matchMedia(query).matches,
    () => false,
  );
}

/** Widths at which the layout of a trace changes. */
export const phone = '(max-width: 760px)';
export const narrow = '(max-width: 1100px)';
