'use client';
import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import type { Command, CommandProvider } from './types.ts';

interface Registry {
  commands: readonly Command[];
  providers: readonly CommandProvider[];
  /** Adds commands for as long as the returned function is not called. */
  add: (commands: readonly Command[]) => () => void;
  addProvider: (provider: CommandProvider) => () => void;
}

const Context = createContext<Registry | null>(null);

/** Holds what can be done from here; the palette, the shortcuts and the keyboard help all read it. */
export function CommandsProvider({ commands: base, children }: { commands: readonly Command[]; children: ReactNode }) {
  const [sets, setSets] = useState<readonly (readonly Command[])[]>([]);
  const [providers, setProviders] = useState<readonly CommandProvider[]>([]);
  const commands = useMemo(() => {
    const byId = new Map([...base, ...sets.flat()].map((command) => [command.id, command]));
    return [...byId.values()];
  }, [base, sets]);
  const registry = useMemo<Registry>(
    () => ({
      commands,
      providers,
      add: (more) => {
        setSets((all) => [...all, more]);
        return () => setSets((all) => all.filter((one) => one !== more));
      },
      addProvider: (provider) => {
        setProviders((all) => [...all, provider]);
        return () => setProviders((all) => all.filter((one) => one !== provider));
      },
    }),
    [commands, providers],
  );
  return <Context value={registry}>{children}</Context>;
}

/** All commands and providers of the moment. */
export function useCommandRegistry(): Registry {
  const registry = use(Context);
  if (!registry) throw new Error('commands need a CommandsProvider above them');
  return registry;
}

/** Offers commands while the calling component is on the page. Keep the list stable, with `useMemo`. */
export function useCommands(commands: readonly Command[]): void {
  const { add } = useStable();
  useEffect(() => add(commands), [add, commands]);
}

/** Offers a search while the calling component is on the page. Keep the provider stable. */
export function useCommandProvider(provider: CommandProvider): void {
  const { addProvider } = useStable();
  useEffect(() => addProvider(provider), [addProvider, provider]);
}

/** The registry's functions do the same at any time, so the first ones are kept: adding must not add again. */
function useStable(): Pick<Registry, 'add' | 'addProvider'> {
  const registry = useCommandRegistry();
  const [first] = useState(() => ({ add: registry.add, addProvider: registry.addProvider }));
  return first;
}
