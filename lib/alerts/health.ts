import { configuredAlertmanager } from '#lib/adapters/alertmanager/index.ts';
import { config } from '#lib/core/config.ts';
import { db } from '#lib/db/index.ts';
import type { AlertList } from './schemas.ts';
import { type AlertmanagerState, selectState } from './state-store.ts';

/** Without a sighting for so long, the way from Prometheus to here counts as broken. */
export const watchdogAbsentMs = 5 * 60_000;
/** The list is read each minute; without it for so long, nobody reads it. */
const unreadMs = 3 * 60_000;

type Watchdog = AlertList['watchdog'];
type Health = AlertList['alertmanager'];

/** Whether alerts would get through: the Watchdog, which always fires, and Alertmanager itself. */
export async function alertingHealth(now: Date): Promise<{ watchdog: Watchdog; alertmanager: Health }> {
  const state = await selectState(db());
  return { watchdog: watchdogOf(state, now), alertmanager: healthOf(state, now, configuredAlertmanager() !== null) };
}

/** `ok`, `absent` after five minutes without it, `unknown` when it was never seen. */
export function watchdogOf(
  { watchdog_seen_at: seen }: Pick<AlertmanagerState, 'watchdog_seen_at'>,
  now: Date,
): Watchdog {
  if (!seen) {
    const detail =
      'No Watchdog has ever arrived: route it to /api/hooks/alertmanager, so that a break in alerting is noticed.';
    return { state: 'unknown', lastSeenAt: null, detail };
  }
  const silentMs = now.getTime() - seen.getTime();
  const lastSeenAt = seen.toISOString();
  if (silentMs <= watchdogAbsentMs) return { state: 'ok', lastSeenAt, detail: 'Alerts get through.' };
  const minutes = Math.floor(silentMs / 60_000);
  return {
    state: 'absent',
    lastSeenAt,
    detail: `The Watchdog has not been seen for ${minutes} min: Prometheus or Alertmanager is down, so pages may not get through either.`,
  };
}

/** How Alertmanager is, by the last reading of its list. */
export function healthOf(state: AlertmanagerState, now: Date, isConfigured: boolean): Health {
  const lastReconciledAt = state.reconciled_at?.toISOString() ?? null;
  if (!isConfigured) {
    const detail = 'No Alertmanager is configured. Set ALERTMANAGER_URL.';
    return { state: 'not_configured', failingSince: null, lastReconciledAt, detail, members: [] };
  }
  const urls = new Set(config().ALERTMANAGER_URL.map(({ name }) => name));
  const members = state.members.filter(({ name }) => urls.size === 0 || urls.has(name));
  if (state.failing_since) {
    const failingSince = state.failing_since.toISOString();
    return { state: 'failing', failingSince, lastReconciledAt, detail: state.detail, members };
  }
  const unread = state.reconciled_at !== null && now.getTime() - state.reconciled_at.getTime() > unreadMs;
  if (unread) {
    const detail = "Alertmanager's own list is not being read: the worker does not run.";
    return { state: 'failing', failingSince: lastReconciledAt, lastReconciledAt, detail, members };
  }
  const down = members.filter((member) => member.state === 'failing').map(({ name }) => name);
  const detail = down.length > 0 ? `${down.join(', ')} does not answer; the others do.` : null;
  return { state: 'ok', failingSince: null, lastReconciledAt, detail, members };
}
