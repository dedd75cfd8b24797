import { defineVerb } from '#lib/core/define-verb.ts';

export * from './source-verbs.ts';

export const seeCatalog = defineVerb({
  id: 'catalog.see',
  title: 'See the service catalogue',
  role: 'viewer',
  changes: false,
});
