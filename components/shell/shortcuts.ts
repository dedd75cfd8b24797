export interface KeyPress {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

export interface Binding {
  id: string;
  /** Keys one after the other, parted by spaces: `g s`, `?`, `mod+k`. */
  keys: string;
}

/** How long a sequence waits for its next key, in milliseconds. */
export const sequenceTimeoutMs = 1200;

/** A key as it is written in bindings: `mod+k` for ⌘K and Ctrl+K, else the character that it types. */
export function keyName(press: KeyPress): string {
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  return press.ctrlKey || press.metaKey ? `mod+${key}` : press.altKey ? `alt+${key}` : key;
}

export type Match = { kind: 'hit'; id: string } | { kind: 'pending'; keys: string[] } | { kind: 'none' };

/** What a key means after those before it. A sequence that leads nowhere begins again with this key. */
export function matchShortcut(bindings: readonly Binding[], before: readonly string[], name: string): Match {
  const attempts = before.length ? [[...before, name], [name]] : [[name]];
  for (const keys of attempts) {
    const text = keys.join(' ');
    const hit = bindings.find((binding) => binding.keys === text);
    if (hit) return { kind: 'hit', id: hit.id };
    if (bindings.some((binding) => binding.keys.startsWith(`${text} `))) return { kind: 'pending', keys };
  }
  return { kind: 'none' };
}

/** The keys as they are printed: `⌘K`, `g then s`. */
export function printKeys(keys: string, apple: boolean): string[] {
  return keys.split(' ').map((key) => {
    if (!key.startsWith('mod+')) return key;
    const letter = key.slice(4).toUpperCase();
    return apple ? `⌘${letter}` : `Ctrl ${letter}`;
  });
}
