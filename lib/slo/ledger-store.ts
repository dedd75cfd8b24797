import { type Database, Prisma, type Transaction, withTransaction } from '#lib/db/index.ts';
import { type Bucket, floorTo } from './ledger/grid.ts';

type Queryable = Database | Transaction;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** Buckets of five minutes are kept so long, their hours so long. */
export const keepBucketsMs = 100 * dayMs;
export const keepHoursMs = 800 * dayMs;
const rowsAtOnce = 5_000;

/** What was read of an SLO; buckets of whole hours where they are older than what is kept of five minutes. */
export interface LedgerWrite {
  sloId: string;
  revision: number;
  buckets: readonly Bucket[];
  /** The ledger now reaches so far, both where they are given. */
  fromMs?: number;
  untilMs?: number;
  backfill?: 'running' | 'done';
  /** Why nothing is known at its end; null: all is well again. Left away where something older was read. */
  problem?: string | null;
}

export interface LedgerRow {
  sloId: string;
  revision: number;
  fromMs: number | null;
  untilMs: number | null;
  backfill: 'none' | 'running' | 'done' | 'failed';
  backfillUntilMs: number | null;
  failingSinceMs: number | null;
}

/** How far the ledger of each SLO is, by id. */
export async function selectLedgers(database: Queryable): Promise<Map<string, LedgerRow>> {
  const rows = await database.$queryRaw<
    {
      slo_id: string;
      revision: number;
      ledger_from: Date | null;
      ledger_until: Date | null;
      backfill: LedgerRow['backfill'];
      backfill_until: Date | null;
      failing_since: Date | null;
    }[]
  >`
    select slo_id, revision, ledger_from, ledger_until, backfill, backfill_until, failing_since from slo_state`;
  return new Map(
    rows.map((row) => [
      row.slo_id,
      {
        sloId: row.slo_id,
        revision: row.revision,
        fromMs: row.ledger_from?.getTime() ?? null,
        untilMs: row.ledger_until?.getTime() ?? null,
        backfill: row.backfill,
        backfillUntilMs: row.backfill_until?.getTime() ?? null,
        failingSinceMs: row.failing_since?.getTime() ?? null,
      },
    ]),
  );
}

/** Begins ledgers that are not there yet, and those anew that are of an earlier revision. */
export async function beginLedgers(
  database: Queryable,
  slos: readonly { id: string; ledgerRevision: number }[],
): Promise<void> {
  await database.$executeRaw`
    insert into slo_state as s (slo_id, revision)
    select * from unnest(${slos.map(({ id }) => id)}::uuid[], ${slos.map((slo) => slo.ledgerRevision)}::int[])
    on conflict (slo_id) do update
      set revision = excluded.revision, ledger_from = null, ledger_until = null, backfill = 'none',
          backfill_until = null, error = null, failing_since = null, figures = null, updated_at = now()
      where s.revision < excluded.revision`;
}

/**
 * Writes buckets, their hours and how far each ledger reaches in one transaction; ids of the SLOs that were written.
 * What was read for a revision that no longer holds is dropped. A bucket is never replaced by one that knows less: the
 * metrics source forgets. Writing the same again changes nothing, and two that write at once wait for each other, so
 * that an hour is always the sum of its buckets.
 */
export async function writeLedger(writes: readonly LedgerWrite[], now: Date): Promise<string[]> {
  if (writes.length === 0) return [];
  return withTransaction(async (tx) => {
    const ids = [...new Set(writes.map(({ sloId }) => sloId))];
    const locked = await tx.$queryRaw<{ slo_id: string; revision: number }[]>`
      select slo_id, revision from slo_state where slo_id = any(${ids}::uuid[]) order by slo_id for update`;
    const revisions = new Map(locked.map(({ slo_id, revision }) => [slo_id, revision]));
    const current = writes.filter(({ sloId, revision }) => revisions.get(sloId) === revision);
    const keepFromMs = floorTo(now.getTime() - keepBucketsMs, dayMs);
    const rows = current.flatMap(({ sloId, revision, buckets }) =>
      buckets.map((bucket) => ({ ...bucket, sloId, revision })),
    );
    const young = rows.filter(({ startMs }) => startMs >= keepFromMs);
    for (let at = 0; at < young.length; at += rowsAtOnce) await upsertBuckets(tx, young.slice(at, at + rowsAtOnce));
    await rollUp(tx, young);
    await upsertHours(tx, toHours(rows.filter(({ startMs }) => startMs < keepFromMs)));
    await updateStates(tx, current, now);
    return current.map(({ sloId }) => sloId);
  });
}

type Row = Bucket & { sloId: string; revision: number };

/** The columns of rows, each as one array. */
function columns(rows: readonly Row[]) {
  return Prisma.sql`
    unnest(${rows.map(({ sloId }) => sloId)}::uuid[], ${rows.map(({ revision }) => revision)}::int[],
           ${rows.map(({ startMs }) => startMs / 1_000)}::float8[], ${rows.map(({ good }) => good)}::float8[],
           ${rows.map(({ total }) => total)}::float8[], ${rows.map(({ coverage }) => coverage)}::real[],
           ${rows.map(({ approximate }) => approximate)}::boolean[])
      as w(slo_id, revision, start, good, total, coverage, approximate)`;
}

async function upsertBuckets(tx: Transaction, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.$executeRaw`
    insert into slo_bucket as b (slo_id, revision, start, good, total, coverage, approximate)
    select slo_id, revision, to_timestamp(start), good, total, coverage, approximate from ${columns(rows)}
    on conflict (slo_id, revision, start) do update
      set good = excluded.good, total = excluded.total, coverage = excluded.coverage,
          approximate = excluded.approximate
      where (b.good, b.total, b.coverage, b.approximate)
            is distinct from (excluded.good, excluded.total, excluded.coverage, excluded.approximate)
        and (excluded.coverage > b.coverage
             or (excluded.coverage = b.coverage and (b.approximate or not excluded.approximate)))`;
}

/** Sums the hours of buckets anew. */
async function rollUp(tx: Transaction, rows: readonly Row[]): Promise<void> {
  const hours = new Map<string, Row>();
  for (const row of rows) {
    const startMs = floorTo(row.startMs, hourMs);
    hours.set(`${row.sloId} ${row.revision} ${startMs}`, { ...row, startMs });
  }
  if (hours.size === 0) return;
  await tx.$executeRaw`
    insert into slo_bucket_hour as h (slo_id, revision, start, good, total, coverage, approximate)
    select w.slo_id, w.revision, to_timestamp(w.start), sum(b.good), sum(b.total), sum(b.coverage),
           bool_or(b.approximate)
    from ${columns([...hours.values()])}
    join slo_bucket b on b.slo_id = w.slo_id and b.revision = w.revision
      and b.start >= to_timestamp(w.start) and b.start < to_timestamp(w.start) + interval '1 hour'
    group by 1, 2, 3
    on conflict (slo_id, revision, start) do update
      set good = excluded.good, total = excluded.total, coverage = excluded.coverage,
          approximate = excluded.approximate
      where (h.good, h.total, h.coverage, h.approximate)
            is distinct from (excluded.good, excluded.total, excluded.coverage, excluded.approximate)`;
}

async function upsertHours(tx: Transaction, rows: readonly Row[]): Promise<void> {
  if (rows.length === 0) return;
  await tx.$executeRaw`
    insert into slo_bucket_hour (slo_id, revision, start, good, total, coverage, approximate)
    select slo_id, revision, to_timestamp(start), good, total, coverage, approximate from ${columns(rows)}
    on conflict (slo_id, revision, start) do update
      set good = excluded.good, total = excluded.total, coverage = excluded.coverage,
          approximate = excluded.approximate`;
}

function toHours(rows: readonly Row[]): Row[] {
  const hours = new Map<string, Row>();
  for (const row of rows) {
    const startMs = floorTo(row.startMs, hourMs);
    const key = `${row.sloId} ${row.revision} ${startMs}`;
    const hour = hours.get(key);
    if (!hour) {
      hours.set(key, { ...row, startMs });
      continue;
    }
    hour.good += row.good;
    hour.total += row.total;
    hour.coverage += row.coverage;
    hour.approximate ||= row.approximate;
  }
  return [...hours.values()];
}

async function updateStates(tx: Transaction, writes: readonly LedgerWrite[], now: Date): Promise<void> {
  const wanted = writes.map(({ sloId, fromMs, untilMs, backfill, problem }) => ({
    s: sloId,
    a: fromMs === undefined ? null : fromMs / 1_000,
    b: untilMs === undefined ? null : untilMs / 1_000,
    f: backfill ?? null,
    t: problem !== undefined,
    e: problem ?? null,
  }));
  await tx.$executeRaw`
    update slo_state st
    set ledger_from = least(st.ledger_from, to_timestamp(w.a)),
        ledger_until = greatest(st.ledger_until, to_timestamp(w.b)),
        backfill = coalesce(w.f, st.backfill),
        backfill_until = case when w.f is null then st.backfill_until else least(st.backfill_until, to_timestamp(w.a)) end,
        error = n.error,
        failing_since = case when n.error is null then null else coalesce(st.failing_since, ${now}) end,
        updated_at = ${now}
    from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as w(s uuid, a float8, b float8, f text, t boolean, e text)
    join slo_state o on o.slo_id = w.s
    -- Why a backfill failed stays until it goes on.
    cross join lateral (
      select case when w.f is not null and o.backfill = 'failed' then null
                  when w.t and (w.e is not null or o.backfill <> 'failed') then w.e
                  else o.error end as error
    ) n
    where st.slo_id = w.s`;
}

/** Notes why ledgers could not be written; one whose backfill failed is tried again later. */
export async function markFailing(
  database: Queryable,
  failures: readonly { sloId: string; revision: number; error: string; backfill?: 'failed' }[],
  now: Date,
): Promise<void> {
  if (failures.length === 0) return;
  const wanted = failures.map(({ sloId, revision, error, backfill }) => ({
    s: sloId,
    r: revision,
    e: error,
    f: backfill ?? null,
  }));
  await database.$executeRaw`
    update slo_state st
    set error = w.e, failing_since = coalesce(st.failing_since, ${now}), backfill = coalesce(w.f, st.backfill),
        updated_at = ${now}
    from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as w(s uuid, r int, e text, f text)
    where st.slo_id = w.s and st.revision = w.r`;
}

/** Coverage of the buckets with certain starts, by SLO and start; those that there are. */
export async function selectCoverage(
  database: Queryable,
  ledgers: readonly { sloId: string; revision: number }[],
  startsMs: readonly number[],
): Promise<Map<string, Map<number, number>>> {
  const rows = await database.$queryRaw<{ slo_id: string; start: number; coverage: number }[]>`
    select b.slo_id, extract(epoch from b.start)::float8 as start, b.coverage
    from unnest(${ledgers.map(({ sloId }) => sloId)}::uuid[], ${ledgers.map(({ revision }) => revision)}::int[])
           as w(slo_id, revision)
    cross join unnest(${startsMs.map((ms) => ms / 1_000)}::float8[]) as d(start)
    join slo_bucket b on b.slo_id = w.slo_id and b.revision = w.revision and b.start = to_timestamp(d.start)`;
  const found = new Map<string, Map<number, number>>();
  for (const { slo_id, start, coverage } of rows) {
    const starts = found.get(slo_id) ?? new Map<number, number>();
    found.set(slo_id, starts.set(start * 1_000, coverage));
  }
  return found;
}

/**
 * Deletes what is older than it is kept, one ledger at a time; how many rows went. Whole days, so that no hour is cut.
 * Buckets of the hours that an exclusion touches stay as long as hours do: it takes out five minutes, not hours.
 */
export async function pruneLedger(database: Database, now: Date, signal: AbortSignal): Promise<number> {
  const ledgers = await database.$queryRaw<{ slo_id: string; revision: number }[]>`
    select slo_id, revision from slo_revision order by slo_id, revision`;
  const before = (keepMs: number) => new Date(floorTo(now.getTime() - keepMs, dayMs));
  let gone = 0;
  for (const { slo_id, revision } of ledgers) {
    if (signal.aborted) break;
    gone += await database.$executeRaw`
      delete from slo_bucket b
      where slo_id = ${slo_id}::uuid and revision = ${revision} and start < ${before(keepBucketsMs)}
        and (start < ${before(keepHoursMs)} or not exists (
          select from slo_exclusion x
          where x.slo_id = b.slo_id and x.state in ('approved', 'proposed')
            and x.start_at < b.start + interval '1 hour' and x.end_at > b.start - interval '1 hour'))`;
    gone += await database.$executeRaw`
      delete from slo_bucket_hour
      where slo_id = ${slo_id}::uuid and revision = ${revision} and start < ${before(keepHoursMs)}`;
  }
  return gone;
}
