'use client';
import { cloneElement, type ReactElement, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { createPortal } from 'react-dom';

interface TipTarget {
  'aria-describedby'?: string;
}

export interface TooltipProps {
  text: ReactNode;
  /** The element that is explained; it must be reachable by keyboard. */
  children: ReactElement<TipTarget>;
  /** False where the element already names all of it. */
  describe?: boolean;
}

/** A word of explanation on hover and focus. Escape hides it; it adds to what is written and never replaces it. */
export function Tooltip({ text, children, describe = true }: TooltipProps) {
  const id = useId();
  const box = useRef<HTMLSpanElement>(null);
  const [at, setAt] = useState<{ x: number; y: number; below: boolean } | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const show = (delayMs: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      const rect = box.current?.firstElementChild?.getBoundingClientRect();
      if (!rect) return;
      const below = rect.top < 60;
      const x = Math.max(120, Math.min(window.innerWidth - 120, rect.left + rect.width / 2));
      setAt({ x, y: below ? rect.bottom + 6 : rect.top - 6, below });
    }, delayMs);
  };
  const hide = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setAt(null), 80);
  };
  /** What opens from the element is its child for React, but not on the page. */
  const isMine = (target: EventTarget) => box.current?.contains(target as Node) ?? false;
  const dismiss = () => {
    clearTimeout(timer.current);
    setAt(null);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!at) return;
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && setAt(null);
    const onScroll = () => setAt(null);
    addEventListener('keydown', onKey);
    addEventListener('scroll', onScroll, true);
    return () => {
      removeEventListener('keydown', onKey);
      removeEventListener('scroll', onScroll, true);
    };
  }, [at]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens for what happens to the element inside
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys press the element inside, which clicks
    <span
      ref={box}
      className="contents"
      onPointerEnter={(event) => isMine(event.target) && show(300)}
      onPointerLeave={hide}
      onPointerDown={dismiss}
      onClick={dismiss}
      onFocus={(event) => isMine(event.target) && show(0)}
      onBlur={hide}
    >
      {at && describe ? cloneElement(children, { 'aria-describedby': id }) : children}
      {at
        ? createPortal(
            <div
              id={id}
              role="tooltip"
              className="tip"
              style={{ left: at.x, top: at.y, transform: `translate(-50%, ${at.below ? '0' : '-100%'})` }}
              onPointerEnter={() => clearTimeout(timer.current)}
              onPointerLeave={hide}
            >
              {text}
            </div>,
            document.body,
          )
        : null}
    </span>
  );
}
