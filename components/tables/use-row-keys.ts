'use client';
import { type KeyboardEvent, type RefObject, useCallback, useEffect, useState } from 'react';
import { isTyping } from '../ui/is-typing.ts';

export interface RowKeysOptions {
  box: RefObject<HTMLElement | null>;
  count: number;
  enabled: boolean;
  /** Whether j and k work from anywhere on the page. */
  everywhere?: boolean;
  /** Brings a row into view where only a part is drawn. */
  scrollTo: RefObject<((index: number) => void) | null>;
  onEnter: (index: number) => void;
}

const pageRows = 15;

/** Moves among the rows of a table by keyboard: j, k, arrows, Home, End, page keys; Enter opens. */
export function useRowKeys({ box, count, enabled, everywhere, scrollTo, onEnter }: RowKeysOptions) {
  const [active, setActive] = useState(0);
  const current = Math.min(active, Math.max(0, count - 1));

  const focusRow = useCallback(
    (index: number) => {
      setActive(index);
      scrollTo.current?.(index);
      requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`tr[data-row="${index}"]`)?.focus());
    },
    [box, scrollTo],
  );

  useEffect(() => {
    if (!everywhere || !enabled || count === 0) return;
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if ((event.key !== 'j' && event.key !== 'k') || box.current?.contains(document.activeElement)) return;
      if (document.querySelector('[role=dialog], [role=menu]')) return;
      event.preventDefault();
      focusRow(current);
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [everywhere, enabled, count, current, focusRow, box]);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>('tr[data-row]');
    if (!row || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    const at = Number(row.dataset.row);
    const last = count - 1;
    const to = {
      j: at + 1,
      ArrowDown: at + 1,
      k: at - 1,
      ArrowUp: at - 1,
      Home: 0,
      End: last,
      PageDown: at + pageRows,
      PageUp: at - pageRows,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      focusRow(Math.max(0, Math.min(last, to)));
    } else if (event.key === 'Enter' && event.target === row) {
      event.preventDefault();
      onEnter(at);
    }
  };

  return { active: current, setActive, onKeyDown };
}
