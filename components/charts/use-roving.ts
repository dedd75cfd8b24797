'use client';
import { type KeyboardEvent, useRef, useState } from 'react';

/** One tab stop for a row of buttons; arrow keys, Home and End move among them. */
export function useRoving(count: number) {
  const [active, setActive] = useState(0);
  const box = useRef<HTMLDivElement>(null);
  const current = Math.min(active, Math.max(0, count - 1));
  const move = (to: number) => {
    setActive(to);
    box.current?.querySelectorAll<HTMLElement>('[data-roving]')[to]?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const to = { ArrowRight: current + 1, ArrowLeft: current - 1, Home: 0, End: count - 1 }[event.key];
    if (to === undefined || to < 0 || to >= count) return;
    event.preventDefault();
    event.stopPropagation();
    move(to);
  };
  const itemProps = (index: number) => ({
    'data-roving': '',
    tabIndex: index === current ? 0 : -1,
    onFocus: () => setActive(index),
  });
  return { box, onKeyDown, itemProps };
}
