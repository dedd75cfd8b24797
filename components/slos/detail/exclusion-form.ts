import type { FieldError } from '#lib/core/errors.ts';
import { exclusionProblems } from '#lib/slo/exclusion-rules.ts';
import type { Exclusion } from '#lib/slo/schemas.ts';
import type { Zone } from '../../ui/format-time.ts';

/** What is typed into the form; times as `2026-11-21T14:30` in the zone of the page. */
export interface ExclusionForm {
  kind: Exclusion['kind'];
  from: string;
  to: string;
  reason: string;
  announcedAt: string;
  announcement: string;
}

const two = (value: number) => String(value).padStart(2, '0');

/** An instant as a time field takes it, in a zone, to the minute. */
export function toField(ms: number, zone: Zone): string {
  const d = new Date(ms);
  const [year, month, day, hour, minute] =
    zone === 'utc'
      ? [d.getUTCFullYear(), d.getUTCMonth(), d.getUTCDate(), d.getUTCHours(), d.getUTCMinutes()]
      : [d.getFullYear(), d.getMonth(), d.getDate(), d.getHours(), d.getMinutes()];
  return `${year}-${two(month + 1)}-${two(day)}T${two(hour)}:${two(minute)}`;
}

/** The instant that a time field means in a zone, in milliseconds; null where it is empty or no time. */
export function fromField(text: string, zone: Zone): number | null {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text)) return null;
  const ms = Date.parse(zone === 'utc' ? `${text}Z` : text);
  return Number.isFinite(ms) ? ms : null;
}

export interface ExclusionBody {
  kind: Exclusion['kind'];
  from: string;
  to: string;
  reason: string;
  announcedAt?: string;
  announcement?: string;
}

interface Context {
  zone: Zone;
  nowMs: number;
  /** Where counting begins; null: nowhere yet. */
  ledgerFromMs: number | null;
}

/** What the form asks for, or what is wrong with it by field: the same rules as the server's. */
export function readExclusionForm(
  form: ExclusionForm,
  { zone, nowMs, ledgerFromMs }: Context,
): { body: ExclusionBody; problems: [] } | { body: null; problems: FieldError[] } {
  const fromMs = fromField(form.from, zone);
  const toMs = fromField(form.to, zone);
  const announcedAtMs = form.kind === 'maintenance' ? fromField(form.announcedAt, zone) : null;
  const missing: FieldError[] = [
    ...(fromMs === null ? [{ path: 'from', code: 'required', message: 'must be a day and a time' }] : []),
    ...(toMs === null ? [{ path: 'to', code: 'required', message: 'must be a day and a time' }] : []),
    ...(form.reason.trim() ? [] : [{ path: 'reason', code: 'required', message: 'must not be empty' }]),
  ];
  if (fromMs === null || toMs === null) return { body: null, problems: missing };
  const problems = [
    ...missing,
    ...exclusionProblems({ kind: form.kind, fromMs, toMs, announcedAtMs, nowMs, ledgerFromMs }),
  ];
  if (problems.length > 0) return { body: null, problems };
  const announcement = form.announcement.trim();
  return {
    problems: [],
    body: {
      kind: form.kind,
      from: new Date(fromMs).toISOString(),
      to: new Date(toMs).toISOString(),
      reason: form.reason.trim(),
      ...(announcedAtMs !== null && { announcedAt: new Date(announcedAtMs).toISOString() }),
      ...(form.kind === 'maintenance' && announcement && { announcement }),
    },
  };
}
