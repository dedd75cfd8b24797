import type { Alert, AlertState } from '#lib/alerts/schemas.ts';
import { queryString } from '#lib/core/fetch-json.ts';
import type { StatusProps } from '../ui/status.tsx';

/** The state as people say and filter it. */
export const stateWords: Record<AlertState, string> = {
  firing: 'firing',
  acknowledged: 'acknowledged',
  silenced: 'silenced',
  inhibited: 'inhibited',
  resolved: 'resolved',
};

/** What a state means, for whoever meets the word for the first time. */
export const stateMeanings: Record<AlertState, string> = {
  firing: 'It holds now, and nobody has taken it.',
  acknowledged: 'It holds now, and a person has taken it.',
  silenced: 'It holds now, but a silence keeps it from telling anybody.',
  inhibited: 'It holds now, but another alert that explains it keeps it quiet.',
  resolved: 'It does not hold any more.',
};

type Look = Pick<StatusProps, 'state' | 'glyph' | 'tone'> & { word: string };

const severityLooks: Record<Alert['severity'], Look> = {
  page: { state: 'failing', word: 'page' },
  ticket: { state: 'slow', word: 'ticket' },
  other: { state: 'idle', glyph: 'note', word: 'alert' },
};
const quietLooks: Record<Exclude<AlertState, 'firing' | 'acknowledged'>, Look> = {
  silenced: { state: 'notPermitted', word: 'silenced' },
  inhibited: { state: 'waiting', tone: 'dim', word: 'inhibited' },
  resolved: { state: 'ok', word: 'resolved' },
};

/** How an alert looks: by its severity while it holds and may tell people, else by what keeps it quiet. */
export function alertLook({ state, severity }: Pick<Alert, 'state' | 'severity'>): Look {
  if (state === 'firing') return severityLooks[severity];
  if (state === 'acknowledged') return { ...severityLooks[severity], tone: 'dim' };
  return quietLooks[state];
}

/** The address of an alert's page. */
export const alertHref = ({ fingerprint }: Pick<Alert, 'fingerprint'>): string => `/alerts/${fingerprint}`;
export const serviceHref = (service: string): string => `/services/${encodeURIComponent(service)}`;
export const sloHref = (slo: string): string => `/slos/${encodeURIComponent(slo)}`;

const aroundMs = 15 * 60_000;

/** The time to look at for an alert: from a quarter of an hour before it to as long after its end. */
export function timeOf({ startsAt, resolvedAt }: Pick<Alert, 'startsAt' | 'resolvedAt'>): { from: string; to: string } {
  return {
    from: new Date(Date.parse(startsAt) - aroundMs).toISOString(),
    to: resolvedAt === null ? 'now' : new Date(Date.parse(resolvedAt) + aroundMs).toISOString(),
  };
}

/** Where its traces and logs are: of its service, of its time; failed ones for an SLO of errors. */
export function evidenceLinks(alert: Pick<Alert, 'service' | 'startsAt' | 'resolvedAt' | 'environment'>) {
  if (alert.service === null) return null;
  const wanted = { env: alert.environment, service: alert.service, ...timeOf(alert) };
  return {
    traces: `/traces?${queryString(wanted)}`,
    failed: `/traces?${queryString({ ...wanted, status: 'error' })}`,
    logs: `/logs?${queryString(wanted)}`,
  };
}
