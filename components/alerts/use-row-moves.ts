'use client';
import { type RefObject, useEffect, useRef } from 'react';
import type { Alert, AlertState } from '#lib/alerts/schemas.ts';
import { isTyping } from '../ui/is-typing.ts';
import type { Entry } from './arrange.ts';

export interface RowMovesOptions {
  box: RefObject<HTMLElement | null>;
  entries: readonly Entry[];
  /** Brings a line into view where only a part is drawn. */
  scrollTo: RefObject<((index: number) => void) | null>;
  onActive: (alert: Alert | null) => void;
}

const steps: Record<string, number> = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };

/**
 * Moves among alerts by j and k from anywhere on the page, and by arrows from one of them. What has the focus is the
 * link of the row, so that Enter opens it; headings of groups are stepped over.
 */
export function useRowMoves({ box, entries, scrollTo, onActive }: RowMovesOptions): void {
  const now = useRef({ entries, onActive });
  now.current = { entries, onActive };
  const at = useRef<{ id: string; index: number; state: AlertState } | null>(null);
  const count = entries.length;

  useEffect(() => {
    const list = box.current;
    if (!list || count === 0) return;
    const alertAt = (id: string | null) => {
      const entry = now.current.entries.find((one) => one.kind === 'alert' && one.id === id);
      return entry?.kind === 'alert' ? entry.alert : null;
    };
    const onFocus = (event: FocusEvent) => {
      const line = (event.target as HTMLElement).closest('li');
      const id = line?.querySelector<HTMLElement>('[data-alert]')?.dataset.alert ?? null;
      if (id === null) return;
      const alert = alertAt(id);
      const index = now.current.entries.findIndex((entry) => entry.id === id);
      at.current = alert && { id, index, state: alert.state };
      now.current.onActive(alert);
    };
    const focusLine = (index: number, id: string) => {
      const find = () => list.querySelector<HTMLElement>(`[data-alert="${CSS.escape(id)}"]`);
      const focus = () => {
        find()?.focus({ preventScroll: true });
        find()?.closest('li')?.scrollIntoView({ block: 'nearest' });
      };
      if (find()) return focus();
      scrollTo.current?.(index);
      requestAnimationFrame(() => requestAnimationFrame(focus));
    };
    const onKey = (event: KeyboardEvent) => {
      const step = steps[event.key];
      if (step === undefined || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || document.querySelector('[role=dialog], [role=menu]')) return;
      const inside = list.contains(document.activeElement);
      if (event.key.startsWith('Arrow') && !inside) return;
      const lines = now.current.entries;
      const before = at.current;
      const from = lines.findIndex(({ id }) => id === before?.id);
      const entry = lines[from];
      const isTaken = entry?.kind === 'alert' && entry.alert.state !== before?.state && from !== before?.index;
      let to = from + (inside ? step : 0);
      // What was just taken has moved down the list, or out of it: one goes on from where it was.
      if (before && (from === -1 || isTaken))
        to = step > 0 ? Math.min(before.index, lines.length - 1) : before.index - 1;
      else if (!before) to = step > 0 ? 0 : lines.length - 1;
      while (lines[to]?.kind === 'group') to += step;
      const line = lines[to];
      if (!line) return;
      event.preventDefault();
      focusLine(to, line.id);
    };
    list.addEventListener('focusin', onFocus);
    addEventListener('keydown', onKey);
    return () => {
      list.removeEventListener('focusin', onFocus);
      removeEventListener('keydown', onKey);
    };
  }, [box, count, scrollTo]);
}
