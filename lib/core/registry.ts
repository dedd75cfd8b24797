/**
 * One value per process under a name, however often a module is loaded. Next loads a module once per bundle
 * (pages, route handlers, instrumentation), so pools, caches and listeners must live here.
 */
export function once<T>(name: string, make: () => T): T {
  const store = globalThis as unknown as Record<symbol, unknown>;
  const key = Symbol.for(`quarterdeck.${name}`);
  if (!(key in store)) store[key] = make();
  return store[key] as T;
}

/** Forgets a value; for tests and for shutting down. */
export function forget(name: string): void {
  delete (globalThis as unknown as Record<symbol, unknown>)[Symbol.for(`quarterdeck.${name}`)];
}
