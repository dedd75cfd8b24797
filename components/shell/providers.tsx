'use client';
import type { ReactNode } from 'react';
import { TimeRangeProvider } from '../charts/time-range.tsx';
import { type Environment, EnvironmentProvider } from '../ui/environment.tsx';
import type { Zone } from '../ui/format-time.ts';
import { CommandsProvider } from './commands.tsx';
import { StreamProvider } from './stream.tsx';
import type { Command } from './types.ts';

export interface ShellProvidersProps {
  environments: readonly Environment[];
  commands: readonly Command[];
  /** The server's time at rendering. */
  nowMs: number;
  /** The zone that the person prefers. */
  zone?: Zone;
  /** See `StreamProvider`. */
  follows?: Readonly<Record<string, readonly string[]>>;
  children: ReactNode;
}

/** Everything that the frame and the pages in it share; stands inside a `QueryProvider`. */
export function ShellProviders({ environments, commands, nowMs, zone, follows, children }: ShellProvidersProps) {
  return (
    <StreamProvider follows={follows}>
      <EnvironmentProvider environments={environments}>
        <TimeRangeProvider nowMs={nowMs} zone={zone}>
          <CommandsProvider commands={commands}>{children}</CommandsProvider>
        </TimeRangeProvider>
      </EnvironmentProvider>
    </StreamProvider>
  );
}
