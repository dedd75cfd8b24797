import { defineVerb } from '#lib/core/define-verb.ts';

export const searchLogs = defineVerb({
  id: 'logs.search',
  title: 'Search logs',
  role: 'viewer',
  changes: false,
  keywords: ['lines', 'loki', 'text', 'errors', 'level'],
  href: '/logs',
  shortcut: 'g l',
});
export const tailLogs = defineVerb({
  id: 'logs.tail',
  title: 'Follow logs',
  role: 'viewer',
  changes: false,
  keywords: ['tail', 'live', 'stream'],
  href: '/logs?tail=1',
});
export const downloadLogs = defineVerb({
  id: 'logs.download',
  title: 'Download logs',
  role: 'viewer',
  changes: false,
});
