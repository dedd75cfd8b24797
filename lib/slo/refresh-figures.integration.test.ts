import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '#lib/core/ids.ts';
import { db } from '#lib/db/index.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { refreshFigures, type StoredFigures } from './refresh-figures.ts';
import type { StoredSlo } from './store.ts';
import { fillBuckets, insertFilledSlo } from './testing/filled-ledger.ts';
import { bucketMs, dayMs, hourMs } from './window-rules.ts';

let done: () => Promise<void>;
beforeAll(async () => {
  done = await useTestDatabase();
});
afterAll(() => done?.());
beforeEach(async () => {
  await db().$executeRaw`truncate slo_bucket, slo_bucket_hour, slo_state, slo_exclusion, slo_revision, slo cascade`;
});

const now = new Date('2026-11-21T14:37:00Z');
const untilMs = Date.parse('2026-11-21T14:35:00Z');

const figuresOf = async ({ id }: StoredSlo) =>
  (await db().sloState.findUniqueOrThrow({ where: { sloId: id } })).figures as unknown as StoredFigures;

it('has exactly the events of the window, whatever hour it begins and ends in', async () => {
  const fromMs = untilMs - 8 * dayMs;
  const fill = (_: number, index: number) => ({
    good: 100 + (index % 7),
    total: 100 + (index % 7) + (index % 11 === 0 ? 1 : 0),
  });
  const slo = await insertFilledSlo({ definition: { window: { kind: 'rolling', days: 7 } }, fromMs, untilMs, fill });
  await refreshFigures([slo], now);
  let [good, total] = [0, 0];
  for (let index = 0; index < (8 * dayMs) / bucketMs; index++) {
    if (fromMs + index * bucketMs < untilMs - 7 * dayMs) continue;
    good += fill(0, index).good;
    total += fill(0, index).total;
  }
  const figures = await figuresOf(slo);
  expect(figures).toMatchObject({ good, total, bad: total - good, coverage: 1, approximate: false, adjusted: null });
  expect(figures.sli).toBeCloseTo(good / total, 12);
  expect(figures.budgetLeft).toBeCloseTo(1 - (total - good) / (0.001 * total), 9);
  expect(figures.from).toBe('2026-11-14T14:35:00.000Z');
  expect(figures.until).toBe('2026-11-21T14:35:00.000Z');
  const lastHour = Array.from({ length: 12 }, (_, back) => fill(0, (8 * dayMs) / bucketMs - 1 - back));
  expect(figures.recent[hourMs]).toEqual({
    bad: lastHour.reduce((sum, one) => sum + one.total - one.good, 0),
    total: lastHour.reduce((sum, one) => sum + one.total, 0),
    coverage: 1,
  });
  const inParts = figures.leaving?.total.reduce((sum, events) => sum + events, 0) ?? 0;
  expect(Math.abs(inParts - total) / total).toBeLessThan(0.01);
});

it('counts a month with an hour twice, from its local midnight', async () => {
  const definition = { window: { kind: 'calendar', unit: 'month', timeZone: 'America/New_York' } } as const;
  const fromMs = Date.parse('2026-10-31T00:00:00Z');
  const slo = await insertFilledSlo({ definition, fromMs, untilMs, fill: () => ({ good: 9, total: 10 }) });
  await refreshFigures([slo], now);
  const figures = await figuresOf(slo);
  expect(figures.from).toBe('2026-11-01T04:00:00.000Z');
  expect(figures.endsAt).toBe('2026-12-01T05:00:00.000Z');
  expect(figures.total).toBe(10 * ((untilMs - Date.parse(figures.from)) / bucketMs));
  expect(figures.leaving).toBeNull();
});

it('still shows a month of which the last bucket is the last that is there', async () => {
  const definition = { window: { kind: 'calendar', unit: 'month', timeZone: 'UTC' } } as const;
  const end = Date.parse('2026-11-01T00:00:00Z');
  const slo = await insertFilledSlo({
    definition,
    fromMs: end - hourMs,
    untilMs: end,
    fill: () => ({ good: 9, total: 10 }),
  });
  await refreshFigures([slo], now);
  expect(await figuresOf(slo)).toMatchObject({
    from: '2026-10-01T00:00:00.000Z',
    until: '2026-11-01T00:00:00.000Z',
    total: 120,
  });
});

describe('a gap', () => {
  const halfKnown = (startMs: number) => (startMs < untilMs - dayMs / 2 ? { good: 99, total: 100 } : null);
  it.each([
    ['unknown', 14_400 - 144, 14_400],
    ['good', 28_800 - 144, 28_800],
    ['bad', 14_400 - 144, 28_800],
  ] as const)('counts as %s', async (gapPolicy, good, total) => {
    const slo = await insertFilledSlo({
      definition: { window: { kind: 'rolling', days: 1 }, gapPolicy },
      fromMs: untilMs - dayMs,
      untilMs,
      fill: halfKnown,
    });
    await refreshFigures([slo], now);
    const figures = await figuresOf(slo);
    expect(figures.coverage).toBeCloseTo(0.5, 6);
    expect(figures.good).toBeCloseTo(good, 3);
    expect(figures.total).toBeCloseTo(total, 3);
  });

  it('is not the time before the ledger began', async () => {
    const slo = await insertFilledSlo({
      definition: { window: { kind: 'rolling', days: 30 }, gapPolicy: 'bad' },
      fromMs: untilMs - dayMs,
      untilMs,
      fill: () => ({ good: 100, total: 100 }),
    });
    await refreshFigures([slo], now);
    expect(await figuresOf(slo)).toMatchObject({ bad: 0, total: 28_800, budgetLeft: 1 });
    expect((await figuresOf(slo)).coverage).toBeCloseTo(1 / 30, 6);
  });
});

it('takes approved exclusions out of the adjusted figures only, no bucket twice', async () => {
  const outage = Date.parse('2026-11-20T02:00:00Z');
  const slo = await insertFilledSlo({
    fromMs: untilMs - 2 * dayMs,
    untilMs,
    fill: (startMs) =>
      startMs >= outage && startMs < outage + hourMs / 3 ? { good: 0, total: 100 } : { good: 100, total: 100 },
  });
  const exclude = (state: string, from: string, to: string) =>
    db().sloExclusion.create({
      data: {
        id: newId(),
        sloId: slo.id,
        kind: 'maintenance',
        startAt: new Date(from),
        endAt: new Date(to),
        reason: 'a database moved',
        state,
        proposedById: 'dana',
        proposedByName: 'Dana',
      },
    });
  await exclude('approved', '2026-11-20T02:00:00Z', '2026-11-20T02:12:00Z');
  await exclude('approved', '2026-11-20T02:11:00Z', '2026-11-20T02:20:00Z');
  await exclude('proposed', '2026-11-20T10:00:00Z', '2026-11-20T12:00:00Z');
  await exclude('approved', '2025-01-01T10:00:00Z', '2025-01-01T12:00:00Z');
  await refreshFigures([slo], now);
  const figures = await figuresOf(slo);
  expect(figures).toMatchObject({ bad: 400, total: 57_600 });
  expect(figures.adjusted).toMatchObject({ bad: 0, total: 57_200, budgetLeft: 1 });
  expect(figures.budgetLeft).toBeLessThan(0);
});

it('records a step of the policy that comes into force, once, and follows a new target', async () => {
  const slo = await insertFilledSlo({
    fromMs: untilMs - dayMs,
    untilMs,
    fill: () => ({ good: 10_000, total: 10_000 }),
  });
  await refreshFigures([slo], now);
  await fillBuckets({
    sloId: slo.id,
    fromMs: untilMs - bucketMs,
    untilMs,
    fill: () => ({ good: 8_200, total: 10_000 }),
  });
  await refreshFigures([slo], now);
  await refreshFigures([slo], now);
  expect((await figuresOf(slo)).budgetLeft).toBeCloseTo(0.375, 3);
  const facts = await db().fact.findMany({ where: { source: 'slo' } });
  expect(facts.map(({ title }) => title)).toEqual(['Payment availability: policy is now “careful” (37.5 % left)']);
  await refreshFigures([{ ...slo, definition: { ...slo.definition, target: 0.9995 } }], now);
  expect((await figuresOf(slo)).budgetLeft).toBeCloseTo(-0.25, 3);
});

it('records no step of the policy while the past is being filled in', async () => {
  const good = () => ({ good: 10_000, total: 10_000 });
  const slo = await insertFilledSlo({ fromMs: untilMs - dayMs, untilMs, fill: good });
  await db().sloState.update({ where: { sloId: slo.id }, data: { backfill: 'running' } });
  await refreshFigures([slo], now);
  const bad = () => ({ good: 0, total: 10_000 });
  await fillBuckets({ sloId: slo.id, fromMs: untilMs - bucketMs, untilMs, fill: bad });
  await refreshFigures([slo], now);
  expect((await figuresOf(slo)).budgetLeft).toBeLessThan(0);
  expect(await db().fact.count({ where: { subjectId: slo.id } })).toBe(0);
});

it('has none where the ledger has not begun', async () => {
  const slo = await insertFilledSlo({ fromMs: untilMs - hourMs, untilMs, fill: () => ({ good: 1, total: 1 }) });
  await refreshFigures([slo], now);
  await db().sloState.update({ where: { sloId: slo.id }, data: { ledgerFrom: null, ledgerUntil: null } });
  await refreshFigures([slo], now);
  expect(await figuresOf(slo)).toBeNull();
});
