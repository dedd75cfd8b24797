import { defineVerb } from '#lib/core/define-verb.ts';

export const listSlos = defineVerb({
  id: 'slos.list',
  title: 'SLOs',
  role: 'viewer',
  changes: false,
  keywords: ['error budget', 'objective', 'burn rate', 'reliability'],
  href: '/slos',
  shortcut: 'g b',
});
export const seeSlo = defineVerb({ id: 'slos.see', title: 'See an SLO', role: 'viewer', changes: false });
export const createSlo = defineVerb({
  id: 'slos.create',
  title: 'Create an SLO…',
  role: 'commander',
  changes: true,
  keywords: ['new', 'objective', 'template'],
  href: '/slos/new',
});
export const updateSlo = defineVerb({ id: 'slos.update', title: 'Change an SLO', role: 'commander', changes: true });
export const archiveSlo = defineVerb({ id: 'slos.archive', title: 'Remove an SLO', role: 'commander', changes: true });
export const importSlos = defineVerb({
  id: 'slos.import',
  title: 'Import OpenSLO…',
  role: 'commander',
  changes: true,
  keywords: ['yaml', 'upload'],
  href: '/slos?dialog=import',
});
/** Replays, validation and templates: they change nothing, but a preview costs the metrics source something. */
export const previewSlo = defineVerb({ id: 'slos.preview', title: 'Preview an SLO', role: 'viewer', changes: false });
export const seeRules = defineVerb({
  id: 'slos.rules',
  title: 'See the generated Prometheus rules',
  role: 'viewer',
  changes: false,
});
export const listExclusions = defineVerb({
  id: 'slos.exclusions',
  title: 'See exclusions',
  role: 'viewer',
  changes: false,
});
export const proposeExclusion = defineVerb({
  id: 'slos.propose-exclusion',
  title: 'Propose an exclusion…',
  role: 'responder',
  changes: true,
});
export const decideExclusion = defineVerb({
  id: 'slos.decide-exclusion',
  title: 'Approve or reject an exclusion',
  role: 'commander',
  changes: true,
  peopleOnly: true,
});
export const withdrawExclusion = defineVerb({
  id: 'slos.withdraw-exclusion',
  title: 'Withdraw an exclusion',
  role: 'responder',
  changes: true,
});
export const listPolicies = defineVerb({
  id: 'policies.list',
  title: 'Budget policies',
  role: 'viewer',
  changes: false,
  keywords: ['freeze', 'steps', 'error budget policy'],
  href: '/settings/policies',
});
export const changePolicy = defineVerb({
  id: 'policies.change',
  title: 'Change a budget policy',
  role: 'commander',
  changes: true,
});
