import { newId } from '#lib/core/ids.ts';
import { summaryOf } from './label-rules.ts';
import type { AlertSeverity } from './schemas.ts';
import type { AlertGroupRef, AlertRow, EventKind } from './store.ts';

/** What was heard of one alert, by webhook or from Alertmanager's own list. */
export interface Observed {
  fingerprint: string;
  startsAt: Date;
  /** When it was resolved, or would be without news; null where that is not told. */
  endsAt: Date | null;
  status: 'firing' | 'resolved';
  name: string;
  environment: string;
  service: string | null;
  slo: string | null;
  severity: AlertSeverity;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  generatorUrl: string | null;
  receivers: string[];
  groups: AlertGroupRef[];
  groupKey: string | null;
  /** Only the list tells: who quiets it, and when Alertmanager last heard of it. */
  held?: { silencedBy: string[]; inhibitedBy: string[]; updatedAt: Date };
}

export type Change =
  | { row: AlertRow; kind: EventKind; at: Date; detail?: Record<string, unknown> }
  /** Nobody has acknowledged what fires again. */
  | { row: AlertRow; kind: 'reopened'; at: Date };

export interface Decision {
  inserted: AlertRow[];
  updated: Set<AlertRow>;
  touched: Set<AlertRow>;
  changes: Change[];
  /** What was heard contradicts what is known: Alertmanager's own list must say which is right. */
  listWanted: boolean;
}

/**
 * Decides what observations change, given the rows that are known of their fingerprints (which it changes in place).
 * Pure; whatever order they come in and however often, the outcome of the newest holds:
 * a firing after the resolution of the same start reopens nothing, unless the list has heard of it since;
 * a later start is another firing and ends the one before; an earlier one is history.
 */
export function decide(observed: readonly Observed[], known: readonly AlertRow[], now: Date): Decision {
  const rows = new Map<string, AlertRow[]>();
  for (const row of known) rows.set(row.fingerprint, [...(rows.get(row.fingerprint) ?? []), row]);
  const decision = undecided();
  const inOrder = [...observed].sort(
    (a, b) => a.startsAt.getTime() - b.startsAt.getTime() || (a.status === 'firing' ? -1 : 1),
  );
  for (const one of inOrder) {
    const own = rows.get(one.fingerprint) ?? [];
    rows.set(one.fingerprint, own);
    if (one.status === 'firing') decideFiring(one, own, now, decision);
    else decideResolved(one, own, now, decision);
  }
  for (const row of decision.inserted) decision.updated.delete(row);
  for (const row of [...decision.inserted, ...decision.updated]) decision.touched.delete(row);
  return decision;
}

function decideFiring(one: Observed, own: AlertRow[], now: Date, decision: Decision): void {
  const exact = own.find(({ starts_at }) => starts_at.getTime() === one.startsAt.getTime());
  const newest = newestOf(own);
  if (exact?.status === 'firing') {
    hear(one, exact, now, decision);
    return;
  }
  if (exact) {
    if (exact !== newest) return;
    const isSure = one.held && exact.resolved_at && one.held.updatedAt > exact.resolved_at;
    if (!isSure) {
      decision.listWanted = true;
      return;
    }
    exact.status = 'firing';
    exact.resolved_at = null;
    exact.resolved_by = null;
    exact.version += 1;
    decision.changes.push({ row: exact, kind: 'reopened', at: now });
    hear(one, exact, now, decision);
    return;
  }
  if (newest && newest.starts_at > one.startsAt) {
    // The list holds one alert of a fingerprint: with an earlier start it is the one that we know.
    if (one.held) {
      if (newest.status === 'firing') hear(one, newest, now, decision);
      return;
    }
    const row = insert(one, own, now, decision);
    resolve(row, newest.starts_at, 'list', now, decision);
    return;
  }
  for (const row of own) {
    if (row.status === 'firing') resolve(row, one.startsAt, 'list', now, decision);
  }
  const row = insert(one, own, now, decision);
  if (one.held) noteQuiet(row, [], [], now, decision);
}

function decideResolved(one: Observed, own: AlertRow[], now: Date, decision: Decision): void {
  const at = one.endsAt ?? now;
  const exact = own.find(({ starts_at }) => starts_at.getTime() === one.startsAt.getTime());
  const newest = newestOf(own);
  if (exact) {
    // What we concluded from an absence gives way to what Alertmanager says.
    if (exact.status === 'firing' || exact.resolved_by === 'list') resolve(exact, at, 'webhook', now, decision);
    return;
  }
  if (newest && newest.starts_at > one.startsAt) {
    // It lasted into the one that we know, so that is the same: members of a cluster may know different starts.
    if (newest.starts_at < at) {
      if (newest.status === 'firing') resolve(newest, at, 'webhook', now, decision);
      return;
    }
  } else {
    for (const row of own) if (row.status === 'firing') resolve(row, one.startsAt, 'list', now, decision);
  }
  resolve(insert(one, own, now, decision), at, 'webhook', now, decision);
}

/** Ends firings that Alertmanager no longer holds: at their own end, or now where that is still to come. */
export function resolveAbsent(rows: readonly AlertRow[], now: Date): Decision {
  const decision = undecided();
  for (const row of rows) resolve(row, row.ends_at ?? now, 'list', now, decision);
  return decision;
}

const undecided = (): Decision => ({
  inserted: [],
  updated: new Set(),
  touched: new Set(),
  changes: [],
  listWanted: false,
});

const newestOf = (own: readonly AlertRow[]) =>
  own.reduce<AlertRow | null>((newest, row) => (newest && newest.starts_at > row.starts_at ? newest : row), null);

function insert(one: Observed, own: AlertRow[], now: Date, decision: Decision): AlertRow {
  const row: AlertRow = {
    id: newId(),
    fingerprint: one.fingerprint,
    starts_at: one.startsAt,
    ends_at: one.endsAt,
    name: one.name,
    environment: one.environment,
    service: one.service,
    slo: one.slo,
    severity: one.severity,
    labels: one.labels,
    annotations: one.annotations,
    summary: summaryOf(one.annotations, one.name),
    generator_url: one.generatorUrl,
    receivers: one.receivers,
    groups: one.groups,
    group_key: one.groupKey,
    status: 'firing',
    silenced_by: one.held?.silencedBy ?? [],
    inhibited_by: one.held?.inhibitedBy ?? [],
    absences: 0,
    first_seen_at: now,
    last_seen_at: now,
    resolved_at: null,
    resolved_by: null,
    fact_id: null,
    acknowledged_at: null,
    acknowledged_by_id: null,
    acknowledged_by_name: null,
    acknowledge_note: null,
    version: 1,
  };
  own.push(row);
  decision.inserted.push(row);
  decision.changes.push({ row, kind: 'firing', at: one.startsAt });
  return row;
}

/** Ends a firing at `at`, but not before it began nor in the future. */
function resolve(row: AlertRow, at: Date, by: 'webhook' | 'list', now: Date, decision: Decision): void {
  const end = new Date(Math.max(row.starts_at.getTime(), Math.min(at.getTime(), now.getTime())));
  const corrected = row.status === 'resolved';
  if (corrected && row.resolved_at?.getTime() === end.getTime()) {
    // Said now what was concluded before: nothing is news.
    row.resolved_by = by;
    decision.updated.add(row);
    return;
  }
  Object.assign(row, { status: 'resolved', resolved_at: end, ends_at: end, resolved_by: by, version: row.version + 1 });
  Object.assign(row, { silenced_by: [], inhibited_by: [], last_seen_at: now });
  decision.updated.add(row);
  const how = by === 'list' ? 'it was no longer held' : null;
  const detail = { ...(how && { how }), ...(corrected && { corrected: true }) };
  decision.changes.push({ row, kind: 'resolved', at: end, detail });
}

/** Takes over what is newly told of a firing that is known. */
function hear(one: Observed, row: AlertRow, now: Date, decision: Decision): void {
  decision.touched.add(row);
  row.last_seen_at = now;
  row.ends_at = one.endsAt ?? row.ends_at;
  const receivers = one.held ? one.receivers : union(row.receivers, one.receivers);
  const groups = one.held ? one.groups : mergeGroups(row.groups, one.groups);
  const fresh = {
    annotations: one.annotations,
    summary: summaryOf(one.annotations, row.name),
    generator_url: one.generatorUrl ?? row.generator_url,
    receivers,
    groups,
    group_key: one.groupKey ?? row.group_key,
  };
  if (!same(fresh, row)) {
    Object.assign(row, fresh);
    decision.updated.add(row);
  }
  if (one.held) {
    const [silenced, inhibited] = [row.silenced_by, row.inhibited_by];
    row.silenced_by = one.held.silencedBy;
    row.inhibited_by = one.held.inhibitedBy;
    noteQuiet(row, silenced, inhibited, now, decision);
  } else if (row.silenced_by.length + row.inhibited_by.length > 0) {
    // A notification went out, so it is not quiet (any more).
    decision.listWanted = true;
  }
}

function noteQuiet(
  row: AlertRow,
  silenced: readonly string[],
  inhibited: readonly string[],
  now: Date,
  decision: Decision,
): void {
  const note = (before: readonly string[], after: readonly string[], on: EventKind, off: EventKind) => {
    if (same([...before].sort(), [...after].sort())) return;
    row.version += 1;
    decision.updated.add(row);
    const kind = after.length > 0 ? on : off;
    decision.changes.push({ row, kind, at: now, detail: { by: after.length > 0 ? after : before } });
  };
  note(silenced, row.silenced_by, 'silenced', 'unsilenced');
  note(inhibited, row.inhibited_by, 'inhibited', 'uninhibited');
}

const union = (a: readonly string[], b: readonly string[]) => [...new Set([...a, ...b])];

function mergeGroups(before: readonly AlertGroupRef[], told: readonly AlertGroupRef[]): AlertGroupRef[] {
  return [...before.filter((group) => !told.some((other) => other.receiver === group.receiver)), ...told];
}

/** Whether all that `a` has is so in `b`; the order of keys does not matter. */
function same(a: unknown, b: unknown): boolean {
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((one, i) => alike(one, b[i]));
  if (typeof a === 'object' && a !== null && typeof b === 'object' && b !== null) {
    return Object.entries(a).every(([key, value]) => alike(value, (b as Record<string, unknown>)[key]));
  }
  return a === b;
}

function alike(a: unknown, b: unknown): boolean {
  return same(a, b) && same(b, a);
}
