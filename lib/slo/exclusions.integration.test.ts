import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { makePerson, type TestPerson } from '#lib/auth/testing/accounts.ts';
import { fullScope } from '#lib/core/actor.ts';
import { type Context, contextFor } from '#lib/core/context.ts';
import { newId } from '#lib/core/ids.ts';
import { db } from '#lib/db/index.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { createSlo } from './create-slo.ts';
import { decideExclusion, withdrawExclusion } from './decide-exclusion.ts';
import { listExclusions } from './list-exclusions.ts';
import { proposeExclusion } from './propose-exclusion.ts';
import { selectSlo } from './store.ts';
import { openSlo } from './testing/definitions.ts';
import { updateSlo } from './update-slo.ts';

vi.stubEnv('LOG_LEVEL', 'fatal');

const environment = 'production';
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** The beginning of an hour, a while ago. */
const startMs = Math.floor(Date.now() / hourMs) * hourMs - 6 * hourMs;
const at = (minutes: number) => new Date(startMs + minutes * minuteMs).toISOString();

let done: () => Promise<void>;
let author: TestPerson;
let proposer: TestPerson;
let approver: TestPerson;
let service: string;
let name: string;
beforeAll(async () => {
  done = await useTestDatabase();
  [author, proposer, approver] = [
    await makePerson('commander'),
    await makePerson('responder'),
    await makePerson('commander'),
  ];
});
beforeEach(async () => {
  [service, name] = [`service-${newId().slice(-12)}`, `slo-${newId().slice(-12)}`];
  await createSlo({ ctx: author.ctx(), environment, input: { source: openSlo({ name, service, target: 0.9 }) } });
});
afterAll(() => done());

const as = (person: TestPerson, called: string) => contextFor({ ...person.actor, name: called });
const address = () => ({ environment, name });
const error = { kind: 'measurement_error', reason: 'The scraper was broken' };
const propose = (input: object, ctx = as(proposer, 'Grace')) =>
  proposeExclusion({ ctx, address: address(), input: { ...error, from: at(0), to: at(10), ...input } });
const decide = (id: string, decision: 'approved' | 'rejected', ctx = as(approver, 'Ada'), version = 1) =>
  decideExclusion({ ctx, address: address(), id, decision, input: { version, note: 'Seen in the log' } });
const withdraw = (id: string, input: object, ctx: Context) => withdrawExclusion({ ctx, address: address(), id, input });
const list = async () => (await listExclusions({ ctx: proposer.ctx(), address: address() })).items;
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (thrown) => thrown,
  );
const audit = (ctx: Context) => db().auditRecord.findMany({ where: { requestId: ctx.requestId } });
const factsOf = () => db().fact.findMany({ where: { services: { has: service } }, orderBy: { recordedAt: 'asc' } });

/** Twelve buckets from the beginning on: 100 events each, all good but those of `bad` by number of the bucket. */
async function count(bad: Record<number, number>): Promise<void> {
  const slo = await selectSlo(db(), environment, name);
  const sloId = slo?.id ?? '';
  const buckets = Array.from({ length: 12 }, (_, i) => ({
    good: 100 - (bad[i] ?? 0),
    start: new Date(startMs + i * 5 * minuteMs),
  }));
  const rows = { sloId, revision: 1, total: 100, coverage: 1 };
  await db().sloBucket.createMany({ data: buckets.map((bucket) => ({ ...rows, ...bucket })) });
  const good = buckets.reduce((sum, bucket) => sum + bucket.good, 0);
  await db().sloBucketHour.create({ data: { ...rows, start: new Date(startMs), good, total: 1_200, coverage: 12 } });
  const ledgerUntil = new Date(startMs + hourMs);
  await db().sloState.update({ where: { sloId }, data: { ledgerFrom: new Date(startMs), ledgerUntil } });
}

describe('an exclusion', () => {
  test('changes figures once somebody else approved it, and is told in between', async () => {
    await count({ 1: 60, 5: 30 });
    const ctx = as(proposer, 'Grace');
    const proposed = await propose({ from: at(6), to: at(9), reason: 'The scraper was broken' }, ctx);
    const figures = {
      good: 40,
      total: 100,
      budgetLeftRaw: expect.closeTo(1 - 90 / 120, 9),
      budgetLeftAdjusted: expect.closeTo(1 - 30 / 110, 9),
    };
    expect(proposed).toMatchObject({
      state: 'proposed',
      version: 1,
      proposedBy: { id: proposer.id, name: 'Grace' },
      ...figures,
    });
    const state = async () => {
      const slo = await selectSlo(db(), environment, name);
      const { figures } = await db().sloState.findUniqueOrThrow({ where: { sloId: slo?.id ?? '' } });
      return figures as { budgetLeft: number; adjusted: { budgetLeft: number } | null };
    };
    const approved = await decide(proposed.id, 'approved');
    expect(approved).toMatchObject({
      state: 'approved',
      version: 2,
      decidedBy: { name: 'Ada' },
      decisionNote: 'Seen in the log',
      ...figures,
    });
    expect(await state()).toMatchObject({
      budgetLeft: figures.budgetLeftRaw,
      adjusted: { budgetLeft: figures.budgetLeftAdjusted },
    });
    expect(await list()).toEqual([approved]);
    await withdraw(proposed.id, { version: 2, note: 'It was ours after all' }, as(approver, 'Ada'));
    expect(await state()).toMatchObject({ budgetLeft: figures.budgetLeftRaw, adjusted: null });
    expect(await list()).toMatchObject([{ state: 'withdrawn', decisionNote: 'It was ours after all', version: 3 }]);
    expect(
      (await factsOf()).slice(1).map(({ title, kind, audience }) => [title.split(' ').at(-1), kind, audience]),
    ).toEqual([
      ['proposed', 'note', 'everyone'],
      ['approved', 'config', 'everyone'],
      ['withdrawn', 'config', 'everyone'],
    ]);
    expect(await audit(ctx)).toMatchObject([
      { verb: 'slos.propose-exclusion', outcome: 'done', subjectKind: 'exclusion' },
    ]);
  });

  test('says what would be left beside those that are approved', async () => {
    await count({ 1: 60, 5: 30 });
    const first = await propose({ from: at(5), to: at(10) });
    await decide(first.id, 'approved');
    const second = await propose({ from: at(25), to: at(30) });
    expect(second).toMatchObject({ good: 70, budgetLeftAdjusted: 1 });
  });

  test('of maintenance needs an announcement before it, and says so', async () => {
    const maintenance = { kind: 'maintenance', from: at(0), to: at(60) };
    const none = await refusal(propose(maintenance));
    expect(none).toMatchObject({ code: 'request.invalid', errors: [{ path: 'announcedAt', code: 'required' }] });
    const late = await refusal(propose({ ...maintenance, announcedAt: at(1) }));
    expect(late).toMatchObject({ status: 400, errors: [{ path: 'announcedAt', code: 'too_late' }] });
    const announced = { announcedAt: at(-60), announcement: 'https://status.example.com/1' };
    expect(await propose({ ...maintenance, ...announced })).toMatchObject(announced);
    expect(await refusal(propose({ from: 'yesterday' }))).toMatchObject({ errors: [{ path: 'from' }] });
    expect(await refusal(propose({ reason: ' ' }))).toMatchObject({ errors: [{ path: 'reason' }] });
  });

  test('may not overlap an approved one, not even where both were proposed before', async () => {
    const [first, second] = [await propose({ from: at(0), to: at(20) }), await propose({ from: at(15), to: at(30) })];
    await decide(first.id, 'approved');
    expect(await refusal(decide(second.id, 'approved'))).toMatchObject({ code: 'slo.exclusion_overlaps', status: 409 });
    expect(await refusal(propose({ from: at(19), to: at(40) }))).toMatchObject({ code: 'slo.exclusion_overlaps' });
    expect(await propose({ from: at(20), to: at(40) })).toMatchObject({ state: 'proposed' });
    expect(await decide(second.id, 'rejected')).toMatchObject({ state: 'rejected' });
  });
});

describe('deciding', () => {
  test('is for somebody else than proposed it or wrote the SLO', async () => {
    const commanding = await makePerson('commander');
    const { id } = await propose({}, commanding.ctx());
    const ctx = commanding.ctx();
    expect(await refusal(decide(id, 'approved', ctx))).toMatchObject({ status: 403, code: 'slo.own_exclusion' });
    expect(await audit(ctx)).toMatchObject([{ outcome: 'refused', code: 'slo.own_exclusion' }]);
    expect(await refusal(decide(id, 'rejected', author.ctx()))).toMatchObject({ code: 'slo.own_exclusion' });
    const source = openSlo({ name, service, target: 0.8 });
    const token: Context = contextFor({
      kind: 'token',
      id: newId(),
      name: 'ci',
      ownerId: approver.id,
      role: 'commander',
      scope: fullScope,
    });
    await updateSlo({ ctx: token, address: address(), input: { version: 1, source } });
    expect(await refusal(decide(id, 'approved'))).toMatchObject({ code: 'slo.own_exclusion' });
    expect(await decide(id, 'approved', author.ctx())).toMatchObject({ state: 'approved' });
  });

  test('is for commanders, and for no token', async () => {
    const { id } = await propose({});
    const responder = await makePerson('responder');
    expect(await refusal(decide(id, 'approved', responder.ctx()))).toMatchObject({ code: 'auth.role_too_low' });
    const token = contextFor({
      kind: 'token',
      id: newId(),
      name: 'ci',
      ownerId: newId(),
      role: 'admin',
      scope: fullScope,
    });
    expect(await refusal(decide(id, 'approved', token))).toMatchObject({ code: 'auth.token_cannot' });
    expect(await list()).toMatchObject([{ state: 'proposed' }]);
  });

  test('of two at once lets one win and tells the other who did', async () => {
    const { id } = await propose({});
    const other = await makePerson('commander');
    const both = await Promise.allSettled([decide(id, 'approved'), decide(id, 'rejected', as(other, 'Linus'))]);
    const lost = both.find(({ status }) => status === 'rejected') as PromiseRejectedResult;
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(lost.reason).toMatchObject({ code: 'slo.exclusion_decided', status: 409 });
    expect(lost.reason.detail).toMatch(/^(Ada approved|Linus rejected) it at [\d-]+ [\d:]+ UTC: Seen in the log\.$/);
    expect(await refusal(decide(id, 'approved', as(other, 'Linus'), 2))).toMatchObject({
      code: 'slo.exclusion_decided',
    });
  });

  test('is refused of what there is not, also of another SLO', async () => {
    const { id } = await propose({});
    expect(await refusal(decide(newId(), 'approved'))).toMatchObject({ code: 'slo.exclusion_unknown', status: 404 });
    name = `slo-${newId().slice(-12)}`;
    await createSlo({ ctx: author.ctx(), environment, input: { source: openSlo({ name, service }) } });
    expect(await refusal(decide(id, 'approved'))).toMatchObject({ code: 'slo.exclusion_unknown' });
  });
});

describe('withdrawing', () => {
  test('is for who proposed it while it is proposed, and for commanders with a note after', async () => {
    const [mine, approved] = [await propose({}), await propose({ from: at(20), to: at(30) })];
    const another = await makePerson('responder');
    expect(await refusal(withdraw(mine.id, { version: 1 }, another.ctx()))).toMatchObject({ status: 403 });
    expect(await withdraw(mine.id, { version: 1 }, proposer.ctx())).toMatchObject({ state: 'withdrawn' });
    await decide(approved.id, 'approved');
    expect(await refusal(withdraw(approved.id, { version: 2, note: 'No' }, proposer.ctx()))).toMatchObject({
      code: 'auth.role_too_low',
    });
    expect(await refusal(withdraw(approved.id, { version: 2 }, approver.ctx()))).toMatchObject({
      errors: [{ path: 'note' }],
    });
    expect(await refusal(withdraw(mine.id, { version: 2 }, proposer.ctx()))).toMatchObject({
      code: 'slo.exclusion_decided',
    });
    expect(await refusal(withdraw(approved.id, { version: 1, note: 'No' }, approver.ctx()))).toMatchObject({
      code: 'slo.stale',
    });
  });
});

test('a viewer proposes nothing, and a token only where it reaches', async () => {
  const ctx = (await makePerson('viewer')).ctx();
  expect(await refusal(propose({}, ctx))).toMatchObject({ code: 'auth.role_too_low' });
  expect(await audit(ctx)).toMatchObject([{ outcome: 'refused' }]);
  const token = (services: string[]) =>
    contextFor({
      kind: 'token',
      id: newId(),
      name: 'ci',
      ownerId: proposer.id,
      role: 'responder',
      scope: { ...fullScope, services },
    });
  expect(await refusal(propose({}, token(['elsewhere'])))).toMatchObject({ code: 'slo.unknown' });
  expect(await refusal(listExclusions({ ctx: token(['elsewhere']), address: address() }))).toMatchObject({
    code: 'slo.unknown',
  });
  expect(await propose({}, token([service]))).toMatchObject({ proposedBy: { id: proposer.id, name: 'ci' } });
});

test('proposing is done once for one Idempotency-Key', async () => {
  const id = newId();
  const keyed = (): Context => ({ ...as(proposer, 'Grace'), idempotency: { id, bodyHash: 'a' } });
  const first = await propose({}, keyed());
  expect(await propose({}, keyed())).toEqual(first);
  expect(await list()).toHaveLength(1);
});
