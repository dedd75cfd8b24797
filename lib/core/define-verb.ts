import type { Role } from './actor.ts';

/**
 * What a person or a program can do, described once and safe in the browser: the palette, the buttons, the
 * keyboard help and the API's authorization all read the same descriptor.
 */
export interface Verb {
  /** `room.verb`, as written to the audit. */
  id: string;
  /** An imperative, as on the button: `Create a token…`. */
  title: string;
  /** The least role that may do it; `anyone` needs no session. */
  role: Role | 'anyone';
  /** Whether it changes something. Reading tokens may not. */
  changes: boolean;
  /** Words under which ⌘K finds it too. */
  keywords?: string[];
  /** Keys, as typed: `g o`. */
  shortcut?: string;
  /** Where the palette takes a person who chooses it; absent: not offered there. */
  href?: string;
  /** Tokens may not do it, whatever their role. */
  peopleOnly?: boolean;
}

export function defineVerb<const V extends Verb>(verb: V): V {
  return verb;
}
