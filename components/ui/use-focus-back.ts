'use client';
import { useState } from 'react';

/** Gives focus back, when something that took it closes, to where it was before. For Radix' `onCloseAutoFocus`. */
export function useFocusBack(): (event: Event) => void {
  const [before] = useState(() => (typeof document === 'undefined' ? null : document.activeElement));
  return (event) => {
    event.preventDefault();
    if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
  };
}
