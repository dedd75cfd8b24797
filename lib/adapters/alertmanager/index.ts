import { config } from '#lib/core/config.ts';
import { AppError } from '#lib/core/errors.ts';
import { once } from '#lib/core/registry.ts';
import { createAlertmanager } from './client.ts';
import type { Alertmanager } from './port.ts';

export { createAlertmanager, sameSilence } from './client.ts';
export { AlertmanagerError, isAlertmanagerError } from './errors.ts';
export { matcherText } from './matchers.ts';
export * from './port.ts';

const state = () => once<{ one: Alertmanager | null | undefined }>('alertmanager', () => ({ one: undefined }));

/** The configured Alertmanager or cluster; null when `ALERTMANAGER_URL` is not set. */
export function configuredAlertmanager(): Alertmanager | null {
  const held = state();
  if (held.one === undefined) held.one = fromSettings();
  return held.one;
}

/** The same; `source.unavailable` where none is configured. */
export function alertmanager(): Alertmanager {
  const found = configuredAlertmanager();
  if (found) return found;
  throw new AppError('source.unavailable', 'No Alertmanager is configured. Set ALERTMANAGER_URL.');
}

/** Replaces the configured one; for tests. `undefined` goes back to the configuration. */
export function setAlertmanager(one: Alertmanager | null | undefined): void {
  state().one = one;
}

function fromSettings(): Alertmanager | null {
  const { ALERTMANAGER_URL, ALERTMANAGER_TOKEN, ALERTMANAGER_TENANT, ALERTMANAGER_TIMEOUT_SECONDS } = config();
  if (ALERTMANAGER_URL.length === 0) return null;
  return createAlertmanager({
    members: ALERTMANAGER_URL,
    token: ALERTMANAGER_TOKEN,
    tenant: ALERTMANAGER_TENANT,
    timeoutMs: ALERTMANAGER_TIMEOUT_SECONDS * 1_000,
  });
}
