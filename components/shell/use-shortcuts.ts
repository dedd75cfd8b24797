'use client';
import { useEffect, useRef } from 'react';
import { isTyping } from '../ui/is-typing.ts';
import { useCommandRegistry } from './commands.tsx';
import { keyName, matchShortcut, sequenceTimeoutMs } from './shortcuts.ts';
import type { Command } from './types.ts';
import { useRun } from './use-run.ts';

/** Listens for the shortcuts of all commands, and of `own` ones. Quiet while somebody types or a dialog is open. */
export function useShortcuts(own: readonly Command[]): void {
  const { commands } = useCommandRegistry();
  const run = useRun();
  const known = useRef<readonly Command[]>([]);
  useEffect(() => {
    known.current = [...own, ...commands];
  }, [own, commands]);
  useEffect(() => {
    let before: string[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.repeat) return;
      const name = keyName(event);
      const modified = name.startsWith('mod+');
      if (!modified && (isTyping(event.target) || document.querySelector('[role=dialog], [role=menu]'))) return;
      clearTimeout(timer);
      const bindings = known.current.flatMap((command) =>
        command.shortcut ? [{ id: command.id, keys: command.shortcut }] : [],
      );
      const match = matchShortcut(bindings, before, name);
      before = match.kind === 'pending' ? match.keys : [];
      if (match.kind === 'none') return;
      event.preventDefault();
      if (match.kind === 'pending') {
        timer = setTimeout(() => {
          before = [];
        }, sequenceTimeoutMs);
        return;
      }
      const command = known.current.find((one) => one.id === match.id);
      if (command) run(command);
    };
    addEventListener('keydown', onKeyDown);
    return () => {
      clearTimeout(timer);
      removeEventListener('keydown', onKeyDown);
    };
  }, [run]);
}
