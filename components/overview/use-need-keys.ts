'use client';
import { type RefObject, useEffect, useMemo, useRef } from 'react';
import { useCommands } from '../shell/commands.tsx';
import type { Command } from '../shell/types.ts';
import { isTyping } from '../ui/is-typing.ts';
import { toast } from '../ui/toast.ts';
import { firingOf } from './need-words.ts';
import type { Need } from './needs.ts';

export interface NeedKeysOptions {
  box: RefObject<HTMLElement | null>;
  found: readonly Need[];
  /** Why one may not acknowledge; null where one may. */
  refusal: string | null;
  onAcknowledge: (need: Need) => void;
}

/**
 * j and k lead into what needs a person and through it; past the last they go on to the table below. a acknowledges
 * what is chosen.
 */
export function useNeedKeys(options: NeedKeysOptions): void {
  const { box, found, refusal } = options;
  const now = useRef(options);
  now.current = options;
  const chosen = useRef<string | null>(null);
  const count = found.length;

  useEffect(() => {
    if (count === 0) return;
    const links = () => [...(box.current?.querySelectorAll<HTMLElement>('[data-need]') ?? [])];
    const onFocus = (event: FocusEvent) => {
      const line = event.target instanceof Element ? event.target.closest('li') : null;
      if (!line || !box.current?.contains(line)) return;
      chosen.current = line.querySelector<HTMLElement>('[data-need]')?.dataset.need ?? null;
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'j' && event.key !== 'k') return;
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector('[role=dialog], [role=menu]')) return;
      const focused = document.activeElement;
      // A table that has the focus moves by itself.
      if (focused?.closest('tr')) return;
      const all = links();
      const at = all.findIndex((link) => link.closest('li')?.contains(focused));
      const next = all[at === -1 ? 0 : event.key === 'j' ? at + 1 : at - 1];
      if (!next) {
        // The list ends here: the table below hears of the key only once the focus is out of it.
        if (event.key === 'j' && focused instanceof HTMLElement) focused.blur();
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      next.focus();
    };
    document.addEventListener('focusin', onFocus);
    // Before the table, which takes the same keys from anywhere.
    addEventListener('keydown', onKey, { capture: true });
    return () => {
      document.removeEventListener('focusin', onFocus);
      removeEventListener('keydown', onKey, { capture: true });
    };
  }, [box, count]);

  const commands = useMemo<Command[]>(
    () =>
      count === 0
        ? []
        : [
            {
              id: 'overview.acknowledge.chosen',
              title: 'Acknowledge what is chosen among what needs you',
              group: 'Alerts',
              shortcut: 'a',
              disabledReason: refusal ?? undefined,
              run: () => {
                const need = now.current.found.find(({ id }) => id === chosen.current);
                if (need && firingOf(need).length > 0) now.current.onAcknowledge(need);
                else toast.warn('Choose an alert first: j and k move among them', { id: 'alerts choose' });
              },
            },
          ],
    [count, refusal],
  );
  useCommands(commands);
}
