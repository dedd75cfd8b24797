import type { Alert, AlertList, AlertState } from '#lib/alerts/schemas.ts';

export type AlertGroup = AlertList['groups'][number];

/** A line of the list: an alert, or the heading of a group of several. */
export type Entry =
  | { kind: 'group'; id: string; group: AlertGroup; alerts: readonly Alert[] }
  | { kind: 'alert'; id: string; alert: Alert; grouped: boolean };

const stateOrder: Record<AlertState, number> = { firing: 0, acknowledged: 1, silenced: 2, inhibited: 3, resolved: 4 };
const severityOrder: Record<Alert['severity'], number> = { page: 0, ticket: 1, other: 2 };

/** The order of attention: what fires before what is taken care of, pages before tickets, the newest first. */
export function worstFirst(a: Alert, b: Alert): number {
  return (
    stateOrder[a.state] - stateOrder[b.state] ||
    severityOrder[a.severity] - severityOrder[b.severity] ||
    // Instants of the API are all written alike, in UTC: their text has their order.
    -compare(a.resolvedAt ?? a.startsAt, b.resolvedAt ?? b.startsAt) ||
    compare(a.id, b.id)
  );
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Alerts in the order of attention. Those that Alertmanager tells of together stay together, where the worst of them
 * stands; a group of one needs no heading. An alert that several receivers hear of stands in its first group.
 */
export function arrange(alerts: readonly Alert[], groups: readonly AlertGroup[]): Entry[] {
  const known = new Map(alerts.map((alert) => [alert.id, alert]));
  const groupOf = new Map<string, AlertGroup>();
  const members = new Map<AlertGroup, Alert[]>();
  for (const group of groups) {
    for (const id of group.alerts) {
      const alert = known.get(id);
      if (!alert || groupOf.has(id)) continue;
      groupOf.set(id, group);
      members.set(group, [...(members.get(group) ?? []), alert]);
    }
  }
  const done = new Set<string>();
  const entries: Entry[] = [];
  for (const alert of [...alerts].sort(worstFirst)) {
    if (done.has(alert.id)) continue;
    const group = groupOf.get(alert.id);
    const together = group ? (members.get(group) ?? []) : [];
    if (!group || together.length < 2) {
      entries.push({ kind: 'alert', id: alert.id, alert, grouped: false });
      continue;
    }
    const sorted = together.sort(worstFirst);
    entries.push({ kind: 'group', id: `group ${group.receiver} ${group.key}`, group, alerts: sorted });
    for (const one of sorted) {
      done.add(one.id);
      entries.push({ kind: 'alert', id: one.id, alert: one, grouped: true });
    }
  }
  return entries;
}

/** What the alerts of a group have in common, as a heading: `payment · SLOBurnRate`. */
export function groupTitle({ labels }: AlertGroup): string {
  const { alertname, service, slo, ...rest } = labels;
  const others = Object.entries(rest)
    .filter(([name]) => !/environment/.test(name))
    .map(([name, value]) => `${name} ${value}`);
  const parts = [slo ?? service, alertname, ...others].filter((part) => part !== undefined && part !== '');
  return parts.length > 0 ? parts.join(' · ') : 'all alerts of this receiver';
}
