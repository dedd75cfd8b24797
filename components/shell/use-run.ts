'use client';
import { useRouter } from 'next/navigation';
import { useCallback } from 'react';
import { keepParams } from '../ui/keep-params.ts';
import type { Command } from './types.ts';

/** Does what a command says: goes to its place with environment and time kept, or runs it. */
export function useRun(): (command: Command) => void {
  const router = useRouter();
  return useCallback(
    (command) => {
      if (command.disabledReason) return;
      command.run?.();
      if (command.href) router.push(keepParams(command.href, new URLSearchParams(window.location.search)));
    },
    [router],
  );
}
