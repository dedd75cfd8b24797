import { parseTimePoint } from '#lib/core/time-range.ts';

/** What of the audit is looked at. It stands in the address under names that the page's time range does not use. */
export interface AuditFilter {
  outcome: 'done' | 'refused' | null;
  verb: string | null;
  actorId: string | null;
  /** `now-7d` or an instant; null is without end. */
  since: string | null;
  until: string | null;
}

export const noFilter: AuditFilter = { outcome: null, verb: null, actorId: null, since: null, until: null };

const names = { outcome: 'outcome', verb: 'verb', actorId: 'who', since: 'since', until: 'until' } as const;

function timeOf(text: string | null): string | null {
  return text !== null && parseTimePoint(text) ? text : null;
}

/** Reads the filter of an address; what cannot be read filters nothing. */
export function parseAuditFilter(search: URLSearchParams): AuditFilter {
  const outcome = search.get(names.outcome);
  return {
    outcome: outcome === 'done' || outcome === 'refused' ? outcome : null,
    verb: search.get(names.verb) || null,
    actorId: search.get(names.actorId) || null,
    since: timeOf(search.get(names.since)),
    until: timeOf(search.get(names.until)),
  };
}

/** `search` with the filter written into it; parameters of others stay. */
export function writeAuditFilter(search: URLSearchParams, filter: AuditFilter): URLSearchParams {
  const next = new URLSearchParams(search);
  for (const [key, name] of Object.entries(names) as [keyof AuditFilter, string][]) {
    const value = filter[key];
    if (value === null) next.delete(name);
    else next.set(name, value);
  }
  return next;
}

function instant(text: string, nowMs: number): string | null {
  const point = parseTimePoint(text);
  if (!point) return null;
  return new Date(point.kind === 'absolute' ? point.atMs : nowMs - point.agoMs).toISOString();
}

/** The filter as the API takes it; relative times are counted from `nowMs`. */
export function auditSearch(
  filter: AuditFilter,
  nowMs: number,
  page: { limit: number; cursor?: string },
): URLSearchParams {
  const search = new URLSearchParams({ limit: String(page.limit) });
  const from = filter.since && instant(filter.since, nowMs);
  const to = filter.until && instant(filter.until, nowMs);
  if (filter.outcome) search.set('outcome', filter.outcome);
  if (filter.verb) search.set('verb', filter.verb);
  if (filter.actorId) search.set('actorId', filter.actorId);
  if (from) search.set('from', from);
  if (to) search.set('to', to);
  if (page.cursor) search.set('cursor', page.cursor);
  return search;
}

/** Whether anything is filtered. */
export function isFiltered(filter: AuditFilter): boolean {
  return Object.values(filter).some((value) => value !== null);
}
