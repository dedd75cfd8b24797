/** A bounded memory of two generations: what is put is remembered for one to two spans of `ms`, or less when full. */
export interface Recent<Value> {
  get(key: string): Value | undefined;
  put(key: string, value: Value, now: number): void;
  size(): number;
}

export function createRecent<Value>({ ms, most }: { ms: number; most: number }): Recent<Value> {
  let young = new Map<string, Value>();
  let old = new Map<string, Value>();
  let since = 0;
  return {
    get: (key) => young.get(key) ?? old.get(key),
    put(key, value, now) {
      if (now - since >= ms || young.size >= most / 2) {
        old = now - since >= 2 * ms ? new Map() : young;
        young = new Map();
        since = now;
      }
      young.set(key, value);
    },
    size: () => young.size + old.size,
  };
}
