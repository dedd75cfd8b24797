import { queryString } from '#lib/core/fetch-json.ts';
import { canFormat, formatFilter } from '#lib/traces/filter-rules.ts';
import type { JsonValue } from '#lib/traces/schemas.ts';

const aroundMs = 30 * 60_000;

interface Shown {
  fromMs: number;
  toMs: number;
}

/** A time range for links: none where the page's own holds the instant, else half an hour to both sides of it. */
export function rangeAround(at: string | undefined, { fromMs, toMs }: Shown): { from?: string; to?: string } {
  const ms = Date.parse(at ?? '');
  if (!Number.isFinite(ms) || (ms >= fromMs && ms <= toMs)) return {};
  return { from: new Date(ms - aroundMs).toISOString(), to: new Date(ms + aroundMs).toISOString() };
}

/** The search for traces with these conditions. */
export function searchHref(wanted: {
  service?: string;
  operation?: string;
  attr?: readonly string[];
  from?: string;
  to?: string;
}): string {
  const query = queryString(wanted);
  return query === '' ? '/traces' : `/traces?${query}`;
}

/** The trace's page, at one of its spans. */
export function traceHref(traceId: string, wanted: { span?: string; at?: string; with?: string } = {}): string {
  const query = queryString(wanted);
  return `/traces/${encodeURIComponent(traceId)}${query === '' ? '' : `?${query}`}`;
}

/** A value of an attribute as people read it. */
export function valueText(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A condition for the search; null where a value cannot be searched by: lists, objects, very long texts. */
export function filterText(scope: 'span' | 'resource', key: string, value: JsonValue): string | null {
  if (value === null || typeof value === 'object' || !canFormat({ key })) return null;
  const text = valueText(value);
  return text.length > 500 ? null : formatFilter({ scope, key, operator: '=', value: text });
}
