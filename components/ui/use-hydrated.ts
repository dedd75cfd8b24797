'use client';
import { useSyncExternalStore } from 'react';

const never = () => () => {};

/** False on the server and at the first drawing, so that both agree; true after. */
export function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}
