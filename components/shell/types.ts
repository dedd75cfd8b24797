import type { IconName } from '../ui/icons.tsx';

export interface NavItem {
  id: string;
  label: string;
  href: string;
  icon: IconName;
  /** Heading above the first item that names it. */
  group?: string;
  /** How many ask for attention. */
  badge?: number;
  /** In the bar at the bottom of a phone; five at most. */
  phone?: boolean;
  /** At the foot of the rail. */
  foot?: boolean;
}

export interface Person {
  name: string;
  email?: string;
  role: string;
}

export interface SourceAge {
  id: string;
  name: string;
  state: 'ok' | 'late' | 'down' | 'unknown';
  /** Last answer, in milliseconds or RFC 3339. */
  lastSuccessAt: number | string | null;
  /** What is wrong, in words. */
  detail?: string;
}

export interface Command {
  id: string;
  title: string;
  group: string;
  /** Quieter, beside the title. */
  hint?: string;
  keywords?: readonly string[];
  /** `g s`, `?`, `mod+k`: keys one after the other, `mod` for ⌘ or Ctrl. */
  shortcut?: string;
  /** A place to go to; the environment and the time are kept. */
  href?: string;
  run?: () => void;
  /** Why it cannot be done now; it is shown and does nothing. */
  disabledReason?: string;
}

/** Finds commands while one types: services, people, what a later screen adds. */
export interface CommandProvider {
  id: string;
  /** Answers within a second or not at all; `signal` is aborted with the next letter. */
  search: (text: string, signal: AbortSignal) => Promise<Command[]>;
}
