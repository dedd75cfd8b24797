import { defineVerb } from '#lib/core/define-verb.ts';

export const searchTraces = defineVerb({
  id: 'traces.search',
  title: 'Search traces',
  role: 'viewer',
  changes: false,
  keywords: ['trace', 'span', 'slow', 'errors', 'duration', 'traceql', 'what differs'],
  href: '/traces',
  shortcut: 'g t',
});
export const seeTrace = defineVerb({
  id: 'traces.see',
  title: 'See a trace',
  role: 'viewer',
  changes: false,
});
export const analyzeTraces = defineVerb({
  id: 'traces.analyze',
  title: 'See what differs between traces',
  role: 'viewer',
  changes: false,
});
