import { toCsv } from '#components/tables/csv.ts';
import { auditPageOf } from '#lib/facts/queries.ts';
import type { AuditRecord } from '#lib/facts/schemas.ts';
import { type AuditFilter, auditSearch } from './audit-filter.ts';

const header = [
  'recorded_at',
  'actor_kind',
  'actor_id',
  'actor_name',
  'verb',
  'outcome',
  'code',
  'environment',
  'subject_kind',
  'subject_id',
  'detail',
  'request_id',
  'address',
  'id',
];

/** Records as a CSV file: one line each, details as JSON. */
export function auditCsv(records: readonly AuditRecord[]): string {
  return toCsv(
    header,
    records.map((one) => [
      one.recordedAt,
      one.actor.kind,
      one.actor.id,
      one.actor.name,
      one.verb,
      one.outcome,
      one.code,
      one.environment,
      one.subject.kind,
      one.subject.id,
      JSON.stringify(one.detail),
      one.requestId,
      one.address,
      one.id,
    ]),
  );
}

/** Records as a JSON file. */
export function auditJson(records: readonly AuditRecord[]): string {
  return `${JSON.stringify({ items: records }, null, 2)}\n`;
}

/** Every record that a filter leaves, page after page; `onCount` hears how many there are so far. */
export async function allRecords(
  filter: AuditFilter,
  nowMs: number,
  { signal, onCount }: { signal: AbortSignal; onCount: (count: number) => void },
): Promise<AuditRecord[]> {
  const records: AuditRecord[] = [];
  let cursor: string | undefined;
  do {
    const page = await auditPageOf(auditSearch(filter, nowMs, { limit: 500, cursor }), signal);
    records.push(...page.items);
    onCount(records.length);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return records;
}
