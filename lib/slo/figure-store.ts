import { type Database, Prisma, type Transaction } from '#lib/db/index.ts';
import { type Interval, noSums, type Sums } from './budget-rules.ts';
import { bucketMs, hourMs } from './window-rules.ts';

type Queryable = Database | Transaction;

/** A stretch of one SLO's ledger, aligned to buckets. */
export interface Stretch {
  sloId: string;
  revision: number;
  fromMs: number;
  toMs: number;
}

const spansAtOnce = 2_000;
const seconds = (ms: number) => Math.floor(ms / 1_000);

/** Whole hours are read from the roll-up, what is left at the edges from the buckets. */
function edgesOf({ fromMs, toMs }: Interval) {
  const hoursFrom = Math.ceil(fromMs / hourMs) * hourMs;
  const hoursTo = Math.floor(toMs / hourMs) * hourMs;
  if (hoursTo <= hoursFrom) return { ha: 0, hb: 0, a1: seconds(fromMs), b1: seconds(toMs), a2: 0, b2: 0 };
  return {
    ha: seconds(hoursFrom),
    hb: seconds(hoursTo),
    a1: seconds(fromMs),
    b1: seconds(hoursFrom),
    a2: seconds(hoursTo),
    b2: seconds(toMs),
  };
}

/** What each stretch adds up to, exact at buckets of five minutes; in the order given, a statement for 2,000. */
export async function sumStretches(database: Queryable, stretches: readonly Stretch[]): Promise<Sums[]> {
  const sums = stretches.map(() => noSums);
  for (let at = 0; at < stretches.length; at += spansAtOnce) {
    const wanted = stretches
      .slice(at, at + spansAtOnce)
      .map((stretch, index) => ({ i: at + index, s: stretch.sloId, r: stretch.revision, ...edgesOf(stretch) }));
    const rows = await database.$queryRaw<
      { i: number; good: number; total: number; known: number; approximate: boolean }[]
    >`
      select w.i, sum(b.good)::float8 as good, sum(b.total)::float8 as total, sum(b.coverage)::float8 as known,
             bool_or(b.approximate) as approximate
      from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb)
             as w(i int, s uuid, r int, ha bigint, hb bigint, a1 bigint, b1 bigint, a2 bigint, b2 bigint)
      cross join lateral (
        select good, total, coverage, approximate from slo_bucket_hour
        where slo_id = w.s and revision = w.r and start >= to_timestamp(w.ha) and start < to_timestamp(w.hb)
        union all
        select good, total, coverage, approximate from slo_bucket
        where slo_id = w.s and revision = w.r and start >= to_timestamp(w.a1) and start < to_timestamp(w.b1)
        union all
        select good, total, coverage, approximate from slo_bucket
        where slo_id = w.s and revision = w.r and start >= to_timestamp(w.a2) and start < to_timestamp(w.b2)
      ) b
      group by w.i`;
    for (const { i, good, total, known, approximate } of rows) {
      sums[i] = { good, total, knownMs: known * bucketMs, approximate };
    }
  }
  return sums;
}

/**
 * Events of a stretch by how long after its beginning they were, so that a forecast knows what leaves a rolling window
 * when: by the hour on the first day, by six hours to the fourth, then by the day. `endMs` is since the beginning.
 */
export interface Parts {
  endMs: number[];
  bad: number[];
  total: number[];
}

/** The parts of each SLO's stretch, by id of the SLO; whole hours only. */
export async function selectParts(database: Queryable, stretches: readonly Stretch[]): Promise<Map<string, Parts>> {
  const wanted = stretches.map(({ sloId, revision, fromMs, toMs }) => ({
    s: sloId,
    r: revision,
    a: seconds(Math.ceil(fromMs / hourMs) * hourMs),
    b: seconds(Math.floor(toMs / hourMs) * hourMs),
  }));
  const rows = await database.$queryRaw<{ s: string; hours: number[]; bad: number[]; total: number[] }[]>`
    select s::text, array_agg(hours order by hours) as hours, array_agg(bad order by hours) as bad,
           array_agg(total order by hours) as total
    from (
      select w.s, p.hours, sum(p.bad)::float8 as bad, sum(p.total)::float8 as total
      from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as w(s uuid, r int, a bigint, b bigint)
      cross join lateral (
        select case when h < 24 then h + 1 when h < 96 then (h / 6 + 1) * 6 else (h / 24 + 1) * 24 end as hours,
               bad, total
        from (
          select ((extract(epoch from start)::bigint - w.a) / 3600)::int as h, total - good as bad, total
          from slo_bucket_hour
          where slo_id = w.s and revision = w.r and start >= to_timestamp(w.a) and start < to_timestamp(w.b)
            and total > 0
        ) by_hour
      ) p
      group by w.s, p.hours
    ) parts
    group by s`;
  const lead = new Map(stretches.map(({ sloId, fromMs }) => [sloId, Math.ceil(fromMs / hourMs) * hourMs - fromMs]));
  return new Map(
    rows.map(({ s, hours, bad, total }) => {
      const endMs = hours.map((end) => (lead.get(s) ?? 0) + end * hourMs);
      return [s, { endMs, bad, total }];
    }),
  );
}

/** Buckets of one stretch as columns, in order; `startMs` of those that there are. */
export interface Buckets {
  startMs: number[];
  good: number[];
  total: number[];
  /** Share that is known, 0 to 1. */
  coverage: number[];
}

/** Buckets of five minutes of a stretch, or its hours: two columns of numbers rather than rows, which are many. */
export async function selectBuckets(
  database: Queryable,
  { sloId, revision, fromMs, toMs }: Stretch,
  unit: 'bucket' | 'hour',
): Promise<Buckets> {
  const table = unit === 'hour' ? Prisma.sql`slo_bucket_hour` : Prisma.sql`slo_bucket`;
  const [row] = await database.$queryRaw<
    { start: number[] | null; good: number[] | null; total: number[] | null; coverage: number[] | null }[]
  >`
    select array_agg(extract(epoch from start)::float8 order by start) as start,
           array_agg(good order by start) as good, array_agg(total order by start) as total,
           array_agg(coverage::float8 order by start) as coverage
    from ${table}
    where slo_id = ${sloId}::uuid and revision = ${revision}
      and start >= to_timestamp(${seconds(fromMs)}) and start < to_timestamp(${seconds(toMs)})`;
  const perUnit = unit === 'hour' ? hourMs / bucketMs : 1;
  return {
    startMs: (row?.start ?? []).map((at) => at * 1_000),
    good: row?.good ?? [],
    total: row?.total ?? [],
    coverage: (row?.coverage ?? []).map((share) => share / perUnit),
  };
}

export interface LedgerState {
  ledgerFromMs: number | null;
  ledgerUntilMs: number | null;
  backfill: 'none' | 'running' | 'done' | 'failed';
  error: string | null;
  failingSinceMs: number | null;
  figures: unknown;
}

/** How far the ledger of each SLO goes, with its figures as they were last reckoned. */
export async function selectLedgerStates(
  database: Queryable,
  sloIds: readonly string[],
): Promise<Map<string, LedgerState>> {
  const rows = await database.$queryRaw<
    {
      slo_id: string;
      ledger_from: Date | null;
      ledger_until: Date | null;
      backfill: LedgerState['backfill'];
      error: string | null;
      failing_since: Date | null;
      figures: unknown;
    }[]
  >`
    select slo_id::text, ledger_from, ledger_until, backfill, error, failing_since, figures
    from slo_state where slo_id = any(${[...sloIds]}::uuid[])`;
  return new Map(
    rows.map((row) => [
      row.slo_id,
      {
        ledgerFromMs: row.ledger_from?.getTime() ?? null,
        ledgerUntilMs: row.ledger_until?.getTime() ?? null,
        backfill: row.backfill,
        error: row.error,
        failingSinceMs: row.failing_since?.getTime() ?? null,
        figures: row.figures,
      },
    ]),
  );
}

/** Approved exclusions that touch a stretch of time, by id of the SLO. */
export async function selectApproved(
  database: Queryable,
  stretches: readonly { sloId: string; fromMs: number; toMs: number }[],
): Promise<Map<string, Interval[]>> {
  const wanted = stretches.map(({ sloId, fromMs, toMs }) => ({ s: sloId, a: fromMs / 1_000, b: toMs / 1_000 }));
  const rows = await database.$queryRaw<{ slo_id: string; start_at: Date; end_at: Date }[]>`
    select x.slo_id::text, x.start_at, x.end_at
    from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as w(s uuid, a float8, b float8)
    join slo_exclusion x on x.slo_id = w.s and x.state = 'approved'
      and x.start_at < to_timestamp(w.b) and x.end_at > to_timestamp(w.a)`;
  const found = new Map<string, Interval[]>();
  for (const { slo_id, start_at, end_at } of rows) {
    const known = found.get(slo_id) ?? [];
    known.push({ fromMs: start_at.getTime(), toMs: end_at.getTime() });
    found.set(slo_id, known);
  }
  return found;
}

/** Keeps figures, and that they are new. */
export async function writeFigures(
  tx: Transaction,
  rows: readonly { sloId: string; figures: unknown }[],
  now: Date,
): Promise<void> {
  const wanted = rows.map(({ sloId, figures }) => ({ s: sloId, f: figures }));
  await tx.$executeRaw`
    update slo_state set figures = w.f, updated_at = ${now}
    from jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb) as w(s uuid, f jsonb)
    where slo_state.slo_id = w.s`;
}
