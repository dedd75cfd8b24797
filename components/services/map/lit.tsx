'use client';
import { createContext, type ReactNode, use, useEffect, useState, useSyncExternalStore } from 'react';

/** What is brought forward on the map, and which node the keyboard is on. */
export interface Lit {
  /** null where all are seen alike. */
  nodes: ReadonlySet<string> | null;
  edges: ReadonlySet<string> | null;
  /** Id of a node or key of an edge. */
  selected: string | null;
  active: string | null;
}

const nothing: Lit = { nodes: null, edges: null, selected: null, active: null };

/** Held outside React's state, so that pointing at a node draws only what is brought forward. */
class LitStore {
  #lit = nothing;
  readonly #listeners = new Set<() => void>();

  get = () => this.#lit;

  set = (lit: Lit) => {
    this.#lit = lit;
    for (const listener of this.#listeners) listener();
  };

  subscribe = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  };
}

const Context = createContext<LitStore | null>(null);

/** Holds what is brought forward on one map. */
export function LitProvider({ lit, children }: { lit: Lit; children: ReactNode }) {
  const [store] = useState(() => new LitStore());
  useEffect(() => store.set(lit), [store, lit]);
  return <Context value={store}>{children}</Context>;
}

/** Draws the caller again only when what it reads has changed. */
export function useLit<T extends string | boolean | ReadonlySet<string> | null>(read: (lit: Lit) => T): T {
  const store = use(Context);
  if (!store) throw new Error('what is lit needs a LitProvider above it');
  return useSyncExternalStore(
    store.subscribe,
    () => read(store.get()),
    () => read(nothing),
  );
}
