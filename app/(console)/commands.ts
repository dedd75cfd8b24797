import type { Command } from '#components/shell/types.ts';
import type { Role } from '#lib/core/actor.ts';
import { reachableVerbs } from '#lib/main/verbs.ts';

const groups: Record<string, string> = {
  overview: 'Go to',
  services: 'Go to',
  traces: 'Go to',
  explore: 'Go to',
  logs: 'Go to',
  slos: 'Go to',
  alerts: 'Go to',
  sources: 'Settings',
  policies: 'Settings',
  people: 'Settings',
  tokens: 'Settings',
  audit: 'Settings',
};

/** What ⌘K offers a person of this role; what they may not do is shown with the reason. */
export function commandsFor(role: Role): Command[] {
  return reachableVerbs(role).map(({ verb, refusedBecause }) => ({
    id: verb.id,
    title: verb.title,
    group: groups[verb.id.split('.')[0] ?? ''] ?? 'Do',
    keywords: verb.keywords,
    shortcut: refusedBecause === null ? verb.shortcut : undefined,
    href: verb.href,
    disabledReason: refusedBecause ?? undefined,
  }));
}
