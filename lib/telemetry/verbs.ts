import { defineVerb } from '#lib/core/define-verb.ts';

export const listEnvironments = defineVerb({
  id: 'environments.list',
  title: 'See environments',
  role: 'viewer',
  changes: false,
});
export const listServices = defineVerb({
  id: 'services.list',
  title: 'See services',
  role: 'viewer',
  changes: false,
  keywords: ['rate', 'errors', 'duration', 'red'],
  href: '/services',
  shortcut: 'g s',
});
export const seeService = defineVerb({
  id: 'services.see',
  title: 'See a service',
  role: 'viewer',
  changes: false,
});
export const seeMap = defineVerb({
  id: 'services.map',
  title: 'See the map',
  role: 'viewer',
  changes: false,
  keywords: ['dependencies', 'callers', 'graph', 'topology', 'who calls whom'],
  href: '/services/map',
  shortcut: 'g m',
});
export const explore = defineVerb({
  id: 'explore.query',
  title: 'Explore metrics with PromQL',
  role: 'viewer',
  changes: false,
  keywords: ['promql', 'query', 'metrics', 'chart', 'prometheus'],
  href: '/explore',
  shortcut: 'g e',
});
