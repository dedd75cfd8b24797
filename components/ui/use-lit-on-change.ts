'use client';
import { type RefObject, useEffect, useRef } from 'react';

/** Lights an element up once when a value changes: a changed state is noticed, a changed figure does not flash. */
export function useLitOnChange<Box extends HTMLElement>(value: string): RefObject<Box | null> {
  const box = useRef<Box>(null);
  const before = useRef(value);
  useEffect(() => {
    if (before.current === value) return;
    before.current = value;
    if (window.matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const lit = { backgroundColor: 'var(--brass-soft)', boxShadow: '0 0 0 3px var(--brass-soft)' };
    box.current?.animate([lit, lit, { backgroundColor: 'transparent', boxShadow: '0 0 0 3px transparent' }], 1600);
  }, [value]);
  return box;
}
