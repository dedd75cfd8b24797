import { type Actor, inScope } from '#lib/core/actor.ts';
import { AppError } from '#lib/core/errors.ts';
import type { Alert, AlertState } from './schemas.ts';
import type { AlertRow } from './store.ts';

/** What a person is told of it first: over, quiet, taken care of, or burning. */
export function stateOf(row: AlertRow): AlertState {
  if (row.status === 'resolved') return 'resolved';
  if (row.silenced_by.length > 0) return 'silenced';
  if (row.inhibited_by.length > 0) return 'inhibited';
  return row.acknowledged_at ? 'acknowledged' : 'firing';
}

/** An address that a page may link to; null for anything but http(s). */
function link(...texts: (string | null | undefined)[]): string | null {
  const found = texts.find((text) => text && /^https?:\/\//i.test(text) && URL.canParse(text));
  return found ?? null;
}

export function toAlert(row: AlertRow): Alert {
  const { acknowledged_at: at, acknowledged_by_id: id, acknowledged_by_name: name } = row;
  return {
    id: row.id,
    fingerprint: row.fingerprint,
    name: row.name,
    environment: row.environment,
    service: row.service,
    slo: row.slo,
    severity: row.severity,
    state: stateOf(row),
    startsAt: row.starts_at.toISOString(),
    resolvedAt: row.resolved_at?.toISOString() ?? null,
    summary: row.summary || row.name,
    description: row.annotations.description ?? null,
    labels: row.labels,
    annotations: row.annotations,
    runbookUrl: link(row.annotations.runbook_url, row.annotations.runbook),
    generatorUrl: link(row.generator_url),
    receivers: row.receivers,
    groupKey: row.group_key,
    silencedBy: row.silenced_by,
    inhibitedBy: row.inhibited_by,
    acknowledged: at
      ? { at: at.toISOString(), by: { id: id ?? '', name: name ?? 'Somebody' }, note: row.acknowledge_note }
      : null,
    lastSeenAt: row.last_seen_at.toISOString(),
    version: row.version,
  };
}

interface Subject {
  environment: string;
  service: string | null;
}

/** Whether an actor's scope reaches an alert; one without a service is about all of them. */
export function reaches(actor: Actor, { environment, service }: Subject): boolean {
  if (service !== null) return inScope(actor, environment, service);
  return inScope(actor, environment) && (!('scope' in actor) || actor.scope.services === 'all');
}

/** Throws for what the actor's scope does not reach. */
export function requireReach(actor: Actor, alert: Subject): void {
  if (reaches(actor, alert)) return;
  const what = alert.service === null ? 'alerts without a service' : alert.service;
  throw new AppError('auth.scope_too_narrow', `This token does not reach ${what} in ${alert.environment}.`);
}

/** The error for a fingerprint that nothing is known of. */
export const unknownAlert = (fingerprint: string) =>
  new AppError('alert.unknown', `No alert with the fingerprint ${fingerprint} was ever seen here.`);
