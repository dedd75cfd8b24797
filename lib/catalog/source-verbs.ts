import { defineVerb } from '#lib/core/define-verb.ts';

export const listSources = defineVerb({
  id: 'sources.list',
  title: 'See data sources',
  role: 'viewer',
  changes: false,
  keywords: ['engines', 'prometheus', 'health', 'down', 'stale'],
  href: '/settings/sources',
  shortcut: 'g d',
});
export const testSource = defineVerb({ id: 'sources.test', title: 'Test a source', role: 'responder', changes: true });
