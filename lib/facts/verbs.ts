import { defineVerb } from '#lib/core/define-verb.ts';

export const listFacts = defineVerb({ id: 'facts.list', title: 'See what happened', role: 'viewer', changes: false });
export const listAudit = defineVerb({
  id: 'audit.list',
  title: 'See the audit',
  role: 'commander',
  changes: false,
  keywords: ['who did what', 'refusals', 'history'],
  href: '/settings/audit',
  shortcut: 'g u',
});
export const recordChange = defineVerb({
  id: 'changes.record',
  title: 'Record a deploy or a config change',
  role: 'responder',
  changes: true,
});
