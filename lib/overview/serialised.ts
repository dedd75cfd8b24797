import { sha256 } from '#lib/core/hash.ts';
import { once } from '#lib/core/registry.ts';

interface Text {
  json: string;
  hash: string;
}

/** An object as JSON with its hash, made once for as long as the object lives: many viewers share one answer. */
export function serialised(value: object): Text {
  const known = once('overview.serialised', () => new WeakMap<object, Text>());
  const held = known.get(value);
  if (held) return held;
  const json = JSON.stringify(value);
  const made = { json, hash: sha256(json).slice(0, 24) };
  known.set(value, made);
  return made;
}
