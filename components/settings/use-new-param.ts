'use client';
import { useSearchParams } from 'next/navigation';

/** Whether the address asks to add something (`?new=1`), and how that is begun and ended. */
export function useNewParam(): [boolean, (open: boolean) => void] {
  const isOpen = useSearchParams().get('new') === '1';
  const set = (open: boolean) => {
    const url = new URL(window.location.href);
    if (open) url.searchParams.set('new', '1');
    else url.searchParams.delete('new');
    if (url.href !== window.location.href) window.history[open ? 'pushState' : 'replaceState'](null, '', url);
  };
  return [isOpen, set];
}
