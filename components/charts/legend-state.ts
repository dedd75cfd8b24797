/** Which series are hidden; empty means that all are shown. */
export type Hidden = ReadonlySet<string>;

/** Shows only `key`; when it is already alone, shows all again. */
export function isolate(keys: readonly string[], hidden: Hidden, key: string): Hidden {
  const alone = !hidden.has(key) && keys.every((k) => k === key || hidden.has(k));
  return alone ? new Set() : new Set(keys.filter((k) => k !== key));
}

/** Hides or shows `key`; when nothing would be left, shows all. */
export function toggle(keys: readonly string[], hidden: Hidden, key: string): Hidden {
  const next = new Set(hidden);
  if (!next.delete(key)) next.add(key);
  return keys.every((k) => next.has(k)) ? new Set() : next;
}
