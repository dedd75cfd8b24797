import { defineVerb } from '#lib/core/define-verb.ts';

export const listAlerts = defineVerb({
  id: 'alerts.list',
  title: 'Alerts',
  role: 'viewer',
  changes: false,
  keywords: ['firing', 'pages', 'silences', 'alertmanager'],
  href: '/alerts',
  shortcut: 'g a',
});
export const acknowledgeAlert = defineVerb({
  id: 'alerts.acknowledge',
  title: 'Acknowledge an alert',
  role: 'responder',
  changes: true,
});
export const unacknowledgeAlert = defineVerb({
  id: 'alerts.unacknowledge',
  title: 'Take back an acknowledgement',
  role: 'responder',
  changes: true,
});
export const listSilences = defineVerb({
  id: 'silences.list',
  title: 'Silences',
  role: 'viewer',
  changes: false,
  keywords: ['mute', 'quiet'],
  href: '/alerts?view=silences',
});
export const createSilence = defineVerb({
  id: 'silences.create',
  title: 'Silence alerts…',
  role: 'responder',
  changes: true,
  keywords: ['mute', 'snooze'],
  href: '/alerts?dialog=silence',
});
export const expireSilence = defineVerb({
  id: 'silences.expire',
  title: 'End a silence',
  role: 'responder',
  changes: true,
});
export const receiveAlerts = defineVerb({
  id: 'alerts.receive',
  title: 'Receive alerts from Alertmanager',
  role: 'responder',
  changes: true,
});
