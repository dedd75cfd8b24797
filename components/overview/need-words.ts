import type { Alert } from '#lib/alerts/schemas.ts';
import { alertTitle, windowsOf } from '#lib/alerts/title-rules.ts';
import { formatClock, formatSpan, type Zone } from '../ui/format-time.ts';
import type { StatusProps } from '../ui/status.tsx';
import type { Need } from './needs.ts';

const looks: Record<Alert['severity'], Pick<StatusProps, 'state' | 'glyph' | 'word'>> = {
  page: { state: 'failing', word: 'page' },
  ticket: { state: 'slow', word: 'ticket' },
  other: { state: 'idle', glyph: 'note', word: 'alert' },
};

/** How a need looks: by the alert that it leads with, dim once somebody has taken it. */
export function needLook(need: Need): Pick<StatusProps, 'state' | 'glyph' | 'word' | 'tone'> {
  switch (need.kind) {
    case 'source':
    case 'blind':
      return { state: 'failing', word: 'source down' };
    case 'watchdog':
      return { state: 'failing', word: 'no Watchdog' };
    case 'service':
    case 'alert': {
      const [lead] = need.alerts;
      return { ...(lead ? looks[lead.severity] : { state: 'failing' as const }), tone: need.quiet ? 'dim' : undefined };
    }
  }
}

/** What it is, in a few words. */
export function needTitle(need: Need): string {
  switch (need.kind) {
    case 'source':
      return `${need.source.name} does not answer`;
    case 'blind':
      return `${need.name} does not answer`;
    case 'watchdog':
      return 'The Watchdog does not arrive';
    case 'service':
      return need.alerts.length > 0 ? `${need.service.name} fails` : need.service.name;
    case 'alert':
      return need.alerts[0] ? alertTitle(need.alerts[0]) : '';
  }
}

/** Where it is looked into. */
export function needHref(need: Need): string {
  switch (need.kind) {
    case 'source':
    case 'blind':
      return '/settings/sources';
    case 'watchdog':
      return '/alerts';
    case 'service':
      return `/services/${encodeURIComponent(need.service.name)}`;
    case 'alert':
      return `/alerts/${need.alerts[0]?.fingerprint ?? ''}`;
  }
}

/** Alerts of a need that nobody has taken. */
export const firingOf = (need: Need): readonly Alert[] =>
  need.kind === 'service' || need.kind === 'alert' ? need.alerts.filter(({ state }) => state === 'firing') : [];

/** What the service itself shows: why it fails, since when, after which change, whose it is. */
export function serviceSentence({ service, since, after }: Need & { kind: 'service' }, zone: Zone): string {
  return [
    service.reasons.join(' · '),
    since ? `since ${since.atLeast ? 'before ' : ''}${formatClock(since.atMs, zone)}` : '',
    after && since ? afterSentence(after.title, since.atMs - after.startAt) : '',
    service.owner ? `owner ${service.owner}` : '',
  ]
    .filter(Boolean)
    .join(' · ');
}

/** `4 min after “payment 4.2.0”`; right away where the two fall into one step. */
function afterSentence(title: string, afterMs: number): string {
  return afterMs < 60_000
    ? `right after “${title}”`
    : `${formatSpan(Math.round(afterMs / 60_000) * 60_000)} after “${title}”`;
}

/** The windows of the most urgent burn-rate alert, and how many others fire with it: `1 h / 5 min, 2 more`. */
export function windowsWord(alerts: readonly Alert[]): string | null {
  const windows = [...new Set(alerts.flatMap((alert) => windowsOf(alert) ?? []))];
  const [first, ...others] = windows;
  if (first === undefined) return null;
  return others.length === 0 ? first : `${first}, ${others.length} more`;
}

/** The most urgent alert of each SLO, and each without one: the others only say the same of other windows. */
export function leadsOf(alerts: readonly Alert[]): Alert[] {
  return [...Map.groupBy(alerts, ({ slo, id }) => slo ?? id).values()].flatMap(([lead]) => lead ?? []);
}
