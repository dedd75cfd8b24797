import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startPrometheus, type TestPrometheus } from '#deploy/local/testing/prometheus.ts';
import { createPrometheus, setPrometheusSources } from '#lib/adapters/prometheus/index.ts';
import { growing, type HistorySeries, writeHistory } from '#lib/adapters/prometheus/testing/history.ts';
import { newId } from '#lib/core/ids.ts';
import { log } from '#lib/core/log.ts';
import { forget } from '#lib/core/registry.ts';
import { db } from '#lib/db/index.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { pruneLedger } from '../ledger-store.ts';
import type { StoredSlo } from '../store.ts';
import { backfill } from './backfill.ts';
import { bucketMs, floorTo } from './grid.ts';
import { type Fleet, makeFleet, scrapeMs } from './testing/fleet.ts';
import { insertMeaning, insertSlo } from './testing/insert-slo.ts';
import { writeTails } from './write-tails.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const endMs = floorTo(Date.now(), hour) - 2 * hour;
const beginMs = endMs - 3 * day;
const deathMs = endMs - hour;

const counter = (bad: string, total: string) => ({ kind: 'ratio', counter: true, good: null, bad, total }) as const;
const shop = counter('shop_requests_total{code=~"5.."}', 'shop_requests_total');

/** Payment dies an hour before the end; whoever calls it goes on, and counts failures. */
const dying: HistorySeries[] = [
  { name: 'payment_requests_total', labels: { job: 'payment', instance: 'p:1', code: '200' }, value: growing(2) },
  { name: 'payment_requests_total', labels: { job: 'payment', instance: 'p:1', code: '500' }, value: () => 3 },
].map((series) => ({ ...series, value: (atMs) => (atMs < deathMs ? series.value(atMs) : null) }));
const calling: HistorySeries[] = ['ok', 'error'].map((outcome) => ({
  name: 'calls_total',
  labels: { job: 'order', instance: 'o:1', outcome },
  value: (atMs) => growing(2)((outcome === 'ok') === atMs < deathMs ? atMs : deathMs),
}));
const others: HistorySeries[] = [
  { name: 'probe_up', labels: { instance: 'x' }, value: (atMs) => (atMs >= endMs - 10 * minute ? 0 : 1) },
  { name: 'plain_total', labels: { instance: 'x', code: '200' }, value: growing(3) },
  ...Array.from({ length: 2_100 }, (_, n) => ({
    name: 'wide_total',
    labels: { n: String(n), code: n % 100 === 0 ? '500' : '200' },
    value: (atMs: number) => (atMs >= endMs - 20 * minute && atMs % minute === 0 ? growing(1)(atMs) : null),
  })),
];

let fleet: Fleet;
let stored: Awaited<ReturnType<typeof writeHistory>>;
let server: TestPrometheus;
let leave: () => Promise<void>;

const ask = (url = server.url) =>
  setPrometheusSources([
    createPrometheus(
      {
        id: 'p',
        name: 'Prometheus',
        url,
        timeoutMs: 30_000,
        scrapeIntervalMs: scrapeMs,
        environmentLabel: 'env',
        defaultEnvironment: 'production',
      },
      { isolated: true },
    ),
  ]);

beforeAll(async () => {
  leave = await useTestDatabase();
  fleet = makeFleet(beginMs, endMs);
  const recent = others.concat(dying, calling).map((series) => ({
    ...series,
    value: (atMs: number) => (atMs >= endMs - 3 * hour ? series.value(atMs) : null),
  }));
  stored = await writeHistory([...fleet.series, ...recent], [{ fromMs: beginMs, toMs: endMs, stepMs: scrapeMs }]);
  server = await startPrometheus({ dataDir: stored.dataDir, config: 'global: {scrape_interval: 15s}' });
});
afterAll(async () => {
  setPrometheusSources(null);
  await server?.stop();
  stored?.remove();
  await leave?.();
});
beforeEach(async () => {
  forget('slo.ledger.cheap');
  ask();
  await db().$executeRaw`truncate slo_bucket, slo_bucket_hour, slo_state, slo_exclusion, slo_revision, slo cascade`;
});

const at = (nowMs: number) => ({ signal: new AbortController().signal, log: log(), now: () => new Date(nowMs) });
const lateMs = endMs + minute;
const fillAt = (nowMs: number) => backfill({ ...at(nowMs), onProgress: async () => {} });

interface Row {
  startMs: number;
  good: number;
  total: number;
  coverage: number;
  approximate: boolean;
  /** The transaction that wrote it. */
  by: string;
}

async function rowsOf(
  { id }: StoredSlo,
  revision = 1,
  table: 'slo_bucket' | 'slo_bucket_hour' = 'slo_bucket',
): Promise<Row[]> {
  return db().$queryRawUnsafe<Row[]>(
    `select (extract(epoch from start) * 1000)::float8 as "startMs", good, total, coverage, approximate, xmin::text as by
     from ${table} where slo_id = $1::uuid and revision = $2 order by start`,
    id,
    revision,
  );
}
const stateOf = ({ id }: StoredSlo) => db().sloState.findUniqueOrThrow({ where: { sloId: id } });
const figures = (rows: Row[]) => rows.map(({ startMs, good, total }) => [startMs, good, total]);
const sum = (rows: Row[]) =>
  rows.reduce((all, { good, total }) => ({ good: all.good + good, total: all.total + total }), { good: 0, total: 0 });

/** The buckets that a ledger of the fleet must have, from its first sample to an instant. */
function truthUntil(untilMs: number) {
  const wanted: number[][] = [];
  for (let startMs = floorTo(beginMs, bucketMs); startMs < untilMs; startMs += bucketMs) {
    const { good, total } = fleet.truth.get(startMs) ?? { good: 0, total: 0 };
    wanted.push([startMs, good, total]);
  }
  return wanted;
}

describe('the ledger of counters', () => {
  test('equals what happened, event by event: bursts, resets, churn, short lives and a gap', async () => {
    const slo = await insertSlo({ indicator: shop });
    // Filled from the past, then away for a day, then caught up with.
    await writeTails(at(endMs - day + minute));
    await fillAt(endMs - day + minute);
    await writeTails(at(lateMs));
    const rows = (await rowsOf(slo)).filter(({ startMs }) => startMs >= beginMs);
    expect(figures(rows)).toEqual(truthUntil(endMs));
    expect(rows.some(({ approximate }) => approximate)).toBe(false);

    const { gap } = fleet;
    for (const { startMs, coverage } of rows) {
      const missing = Math.max(0, Math.min(gap.toMs, startMs + bucketMs) - Math.max(gap.fromMs, startMs)) / bucketMs;
      expect(Math.abs(coverage - (1 - missing)), new Date(startMs).toISOString()).toBeLessThan(0.051);
    }
    const hours = await rowsOf(slo, 1, 'slo_bucket_hour');
    expect(sum(hours)).toEqual(sum(await rowsOf(slo)));
    expect(await stateOf(slo)).toMatchObject({ backfill: 'done', ledgerUntil: new Date(endMs), error: null });
  });

  test('is the same when it is written twice, and by two at once', async () => {
    const slo = await insertSlo({ indicator: shop });
    await Promise.all([writeTails(at(lateMs)), writeTails(at(lateMs))]);
    await Promise.all([fillAt(lateMs), fillAt(lateMs)]);
    const before = await rowsOf(slo);
    const hours = await rowsOf(slo, 1, 'slo_bucket_hour');
    expect(figures(before.filter(({ startMs }) => startMs >= beginMs))).toEqual(truthUntil(endMs));
    await db().sloState.update({
      where: { sloId: slo.id },
      data: { ledgerUntil: new Date(endMs - 6 * hour), backfill: 'none', backfillUntil: new Date(endMs) },
    });
    await writeTails(at(lateMs));
    await fillAt(lateMs);
    expect(await rowsOf(slo)).toEqual(before);
    expect(await rowsOf(slo, 1, 'slo_bucket_hour')).toEqual(hours);
  });

  test('waits for a Prometheus that is away, says why, and catches up', async () => {
    const slo = await insertSlo({ indicator: shop });
    await writeTails(at(endMs - 2 * hour + minute));
    ask('http://127.0.0.1:1');
    await writeTails(at(endMs - hour));
    expect(await stateOf(slo)).toMatchObject({
      error: expect.stringContaining('refused'),
      failingSince: new Date(endMs - hour),
      ledgerUntil: new Date(endMs - 2 * hour),
    });
    await server.stop();
    server = await startPrometheus({ dataDir: stored.dataDir, config: 'global: {scrape_interval: 15s}' });
    ask();
    await writeTails(at(lateMs));
    expect(await stateOf(slo)).toMatchObject({ error: null, failingSince: null, ledgerUntil: new Date(endMs) });
    expect(figures((await rowsOf(slo)).slice(-36))).toEqual(truthUntil(endMs).slice(-36));
  });

  test('heals where a store was filled up later, and never forgets what the store forgot', async () => {
    const slo = await insertSlo({ indicator: shop });
    await writeTails(at(lateMs - bucketMs));
    // Comes of age with the next bucket: 16 buckets old.
    const holeMs = endMs - bucketMs - 4 * bucketMs;
    await db().$executeRaw`
      update slo_bucket set good = 0, total = 0, coverage = 0
      where slo_id = ${slo.id}::uuid and start = ${new Date(holeMs)}`;
    await writeTails(at(lateMs));
    const healed = (await rowsOf(slo)).find(({ startMs }) => startMs === holeMs);
    expect(healed).toMatchObject({ ...fleet.truth.get(holeMs), coverage: 1 });

    const before = await rowsOf(slo);
    const empty = await startPrometheus({ config: 'global: {scrape_interval: 15s}' });
    ask(empty.url);
    await db().sloState.update({ where: { sloId: slo.id }, data: { ledgerUntil: new Date(endMs - hour) } });
    await writeTails(at(lateMs));
    await empty.stop();
    expect(await rowsOf(slo)).toEqual(before);
  });

  test('begins anew when what is measured changes, and keeps what was', async () => {
    const slo = await insertSlo({ indicator: shop });
    await writeTails(at(lateMs));
    await fillAt(lateMs);
    const first = await rowsOf(slo);
    const onlyA = counter('shop_requests_total{code=~"5..",instance="a:80"}', 'shop_requests_total{instance="a:80"}');
    await insertMeaning(slo.id, 2, { ...slo.definition, indicator: onlyA });
    await writeTails(at(lateMs));
    await fillAt(lateMs);
    expect(await rowsOf(slo)).toEqual(first);
    const second = await rowsOf(slo, 2);
    expect(second).toHaveLength(first.length);
    expect(sum(second).total).toBeLessThan(sum(first).total);
    expect(await stateOf(slo)).toMatchObject({ revision: 2, backfill: 'done' });
  });

  test('goes on backwards from where it was stopped', async () => {
    const slo = await insertSlo({ indicator: shop });
    await writeTails(at(lateMs));
    const stop = new AbortController();
    const stopping = { ...at(lateMs), signal: stop.signal, onProgress: async () => {} };
    const running = backfill(stopping);
    while ((await stateOf(slo)).backfill === 'none') await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort();
    await running;
    expect((await stateOf(slo)).backfill).toBe('running');
    await fillAt(lateMs);
    expect(figures((await rowsOf(slo)).filter(({ startMs }) => startMs >= beginMs))).toEqual(truthUntil(endMs));
  });
});

describe('other ledgers', () => {
  test('a killed service costs budget where its callers count, and is unknown where it counts itself', async () => {
    const atCaller = await insertSlo({
      name: 'at-caller',
      indicator: counter('calls_total{outcome="error"}', 'calls_total'),
    });
    const atItself = await insertSlo({
      name: 'at-itself',
      indicator: counter('payment_requests_total{code=~"5.."}', 'payment_requests_total'),
    });
    await writeTails(at(lateMs));
    const dead = (rows: Row[]) => rows.filter(({ startMs }) => startMs >= deathMs + bucketMs);
    const seen = dead(await rowsOf(atCaller));
    expect(sum(seen)).toMatchObject({ good: 0, total: expect.closeTo(seen.length * 600, 0) });
    expect(seen.every(({ coverage }) => coverage === 1)).toBe(true);
    expect(sum(dead(await rowsOf(atItself)))).toEqual({ good: 0, total: 0 });
  });

  test('more than 2,000 series are read by rates and say so', async () => {
    const slo = await insertSlo({ indicator: counter('wide_total{code="500"}', 'wide_total') });
    await writeTails(at(lateMs));
    const rows = (await rowsOf(slo)).filter(({ startMs }) => startMs >= endMs - 10 * minute);
    expect(rows.map(({ approximate }) => approximate)).toEqual([true, true]);
    for (const { good, total, coverage } of rows) {
      expect(total).toBeGreaterThan(2_100 * 300 * 0.97);
      expect(total).toBeLessThan(2_100 * 300 * 1.03);
      expect(good / total).toBeCloseTo(0.99, 3);
      expect(coverage).toBe(1);
    }
  });

  test('samples of a probe are events, and slices of time are judged', async () => {
    const threshold = { kind: 'threshold', query: 'probe_up', op: 'gte', value: 1 } as const;
    const probe = await insertSlo({ name: 'probe', indicator: threshold });
    const slices = await insertSlo({
      name: 'slices',
      indicator: counter('calls_total{outcome="error"}', 'calls_total'),
      budgeting: { method: 'timeslices', sliceMs: minute, sliceTarget: 0.95 },
    });
    const quarters = await insertSlo({
      name: 'quarters',
      indicator: counter('calls_total{outcome="error"}', 'calls_total'),
      budgeting: { method: 'timeslices', sliceMs: 15 * minute, sliceTarget: 0.95 },
    });
    await writeTails(at(lateMs));
    const last = async (slo: StoredSlo, count: number) =>
      (await rowsOf(slo)).slice(-count).map(({ good, total }) => [good, total]);
    expect(await last(probe, 3)).toEqual([
      [10, 10],
      [0, 10],
      [0, 10],
    ]);
    expect(await last(slices, 2)).toEqual([
      [0, 5],
      [0, 5],
    ]);
    expect(await last(quarters, 3)).toEqual([
      [0, 0],
      [0, 0],
      [0, 1],
    ]);
  });

  test('a label that nothing has makes the whole unknown, and one bad SLO does not stop the others', async () => {
    const renamed = await insertSlo({
      name: 'renamed',
      indicator: counter('plain_total{status=~"5.."}', 'plain_total'),
    });
    const never = await insertSlo({ name: 'never', indicator: counter('plain_total{code=~"5.."}', 'plain_total') });
    const odd = await insertSlo({
      name: 'odd',
      indicator: shop,
      budgeting: { method: 'timeslices', sliceMs: 7 * minute, sliceTarget: 0.95 },
    });
    await writeTails(at(lateMs));
    expect(await rowsOf(renamed)).toEqual([]);
    expect(await stateOf(renamed)).toMatchObject({
      error: expect.stringContaining('labels'),
      ledgerUntil: new Date(endMs),
    });
    // No failure yet, but where there would be one is known.
    expect(sum(await rowsOf(never))).toMatchObject({
      good: expect.closeTo(3 * 3_600, 0),
      total: expect.closeTo(3 * 3_600, 0),
    });
    expect(await stateOf(odd)).toMatchObject({ error: expect.stringContaining('slice'), ledgerUntil: null });
  });
});

test('what is older than it is kept goes, by whole days', async () => {
  const slo = await insertSlo({ indicator: shop });
  await writeTails(at(lateMs));
  const old = (ms: number) => new Date(floorTo(Date.now() - ms, day));
  await db().$executeRaw`
    insert into slo_bucket select ${slo.id}::uuid, 1, t, 1, 1, 1 from unnest(${[old(101 * day), old(99 * day)]}::timestamptz[]) t`;
  await db().$executeRaw`
    insert into slo_bucket_hour select ${slo.id}::uuid, 1, t, 1, 1, 1 from unnest(${[old(801 * day), old(799 * day)]}::timestamptz[]) t`;
  expect(await pruneLedger(db(), new Date(), new AbortController().signal)).toBe(2);
  expect((await rowsOf(slo))[0]?.startMs).toBe(old(99 * day).getTime());
  expect((await rowsOf(slo, 1, 'slo_bucket_hour'))[0]?.startMs).toBe(old(799 * day).getTime());
});

test('buckets that an exclusion takes out, or may yet, outlive the others', async () => {
  const slo = await insertSlo({ indicator: shop });
  const midnightMs = floorTo(Date.now() - 200 * day, day);
  const [approved, proposed, rejected, alone] = [0, 6, 12, 18].map((hours) => midnightMs + hours * hour);
  const ancient = floorTo(Date.now() - 801 * day, day);
  const starts = [approved, proposed, rejected, alone, ancient].map((ms = 0) => new Date(ms));
  await db().$executeRaw`
    insert into slo_bucket select ${slo.id}::uuid, 1, t, 1, 1, 1 from unnest(${starts}::timestamptz[]) t`;
  const exclude = (state: string, fromMs = 0) => ({
    id: newId(),
    sloId: slo.id,
    kind: 'maintenance',
    startAt: new Date(fromMs),
    endAt: new Date(fromMs + 60_000),
    reason: 'a database moved',
    state,
    proposedById: 'dana',
    proposedByName: 'Dana',
  });
  await db().sloExclusion.createMany({
    data: [
      exclude('approved', approved),
      exclude('proposed', proposed),
      exclude('rejected', rejected),
      exclude('approved', ancient),
    ],
  });
  expect(await pruneLedger(db(), new Date(), new AbortController().signal)).toBe(3);
  expect((await rowsOf(slo)).map(({ startMs }) => startMs)).toEqual([approved, proposed]);
});
