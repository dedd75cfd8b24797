'use client';
import { type RefObject, useEffect, useRef } from 'react';

/** The value of the last drawing, for callbacks that must stay the same. */
export function useLatest<T>(value: T): RefObject<T> {
  const latest = useRef(value);
  useEffect(() => {
    latest.current = value;
  }, [value]);
  return latest;
}
