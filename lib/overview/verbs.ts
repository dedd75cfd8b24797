import { defineVerb } from '#lib/core/define-verb.ts';

export const seeOverview = defineVerb({
  id: 'overview.see',
  title: 'Overview',
  role: 'viewer',
  changes: false,
  keywords: ['home', 'start', 'what is wrong', 'dashboard'],
  href: '/',
  shortcut: 'g o',
});
