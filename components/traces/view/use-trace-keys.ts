'use client';
import { useEffect, useMemo, useRef } from 'react';
import { useCommands } from '../../shell/commands.tsx';
import type { Command } from '../../shell/types.ts';
import { isTyping } from '../../ui/is-typing.ts';

export interface TraceKeys {
  onError: (direction: 1 | -1) => void;
  onMatch: (direction: 1 | -1) => void;
}

/** Keys of the page of a trace: e and Shift+e go through its errors, n and p through what was found. */
export function useTraceKeys(keys: TraceKeys): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  const commands = useMemo<Command[]>(
    () => [
      {
        id: 'trace.error',
        title: 'Next error of the trace',
        hint: 'the one before with Shift',
        group: 'Trace',
        shortcut: 'e',
        run: () => latest.current.onError(1),
      },
      {
        id: 'trace.match',
        title: 'Next span that was found',
        group: 'Trace',
        shortcut: 'n',
        run: () => latest.current.onMatch(1),
      },
      {
        id: 'trace.match-before',
        title: 'Span that was found before',
        group: 'Trace',
        shortcut: 'p',
        run: () => latest.current.onMatch(-1),
      },
      {
        id: 'trace.find',
        title: 'Search in this trace',
        group: 'Trace',
        shortcut: '/',
        run: () => document.getElementById('find-in-trace')?.focus(),
      },
    ],
    [],
  );
  useCommands(commands);
  useEffect(() => {
    // Shortcuts know no Shift: the capital is taken before them.
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'E' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (document.querySelector('[role=dialog], [role=menu]')) return;
      event.preventDefault();
      latest.current.onError(-1);
    };
    addEventListener('keydown', onKeyDown, true);
    return () => removeEventListener('keydown', onKeyDown, true);
  }, []);
}
