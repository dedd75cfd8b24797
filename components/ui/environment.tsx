'use client';
import { useSearchParams } from 'next/navigation';
import { createContext, type ReactNode, use, useMemo } from 'react';

export interface Environment {
  name: string;
  /** Production looks as usual; everything else is marked. */
  production: boolean;
}

export interface EnvironmentValue {
  /** The one that is looked at: `?env=`, else the first. */
  current: Environment;
  all: readonly Environment[];
}

const Context = createContext<EnvironmentValue | null>(null);

/** Reads which environment the address asks for. One that is not known is taken at its word, and is not production. */
export function EnvironmentProvider({
  environments,
  children,
}: {
  environments: readonly Environment[];
  children: ReactNode;
}) {
  const wanted = useSearchParams().get('env');
  const value = useMemo<EnvironmentValue>(() => {
    const usual = environments[0] ?? { name: 'production', production: true };
    const current = wanted
      ? (environments.find((one) => one.name === wanted) ?? { name: wanted, production: false })
      : usual;
    return { current, all: environments };
  }, [environments, wanted]);
  return <Context value={value}>{children}</Context>;
}

/** The environment that is looked at. */
export function useEnvironment(): EnvironmentValue {
  const value = use(Context);
  if (!value) throw new Error('useEnvironment needs an EnvironmentProvider above it');
  return value;
}
