import { once } from '#lib/core/registry.ts';

interface Held<T> {
  value: T;
  madeAtMs: number;
  next: Promise<T> | null;
}

const mostKeys = 200;

/**
 * An answer that many look at, made again when it is older than `everyMs`. Whoever comes just after that still gets
 * the one before, while one makes the next; after twice the time, everyone waits for it.
 */
export async function refreshed<T>(
  key: string,
  everyMs: number,
  make: (previous: T | undefined) => Promise<T>,
  now: () => number = Date.now,
): Promise<T> {
  const all = once('telemetry.refreshed', () => ({
    held: new Map<string, Held<unknown>>(),
    first: new Map<string, Promise<unknown>>(),
  }));
  const held = all.held.get(key) as Held<T> | undefined;
  // Aligned to the step: an answer holds for the step in which it was made.
  const step = (ms: number) => Math.floor(ms / everyMs);
  if (held && step(held.madeAtMs) === step(now())) return held.value;
  const renew = async () => {
    const madeAtMs = now();
    const value = await make(held?.value);
    all.held.delete(key);
    all.held.set(key, { value, madeAtMs, next: null });
    for (const oldest of all.held.keys()) {
      if (all.held.size <= mostKeys) break;
      all.held.delete(oldest);
    }
    return value;
  };
  if (!held) {
    const flying = (all.first.get(key) as Promise<T> | undefined) ?? renew().finally(() => all.first.delete(key));
    all.first.set(key, flying);
    return flying;
  }
  held.next ??= renew().finally(() => {
    held.next = null;
  });
  if (step(now()) - step(held.madeAtMs) > 1) return held.next;
  held.next.catch(() => {});
  return held.value;
}
