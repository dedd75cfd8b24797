import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { makePerson, type TestPerson } from '#lib/auth/testing/accounts.ts';
import { fullScope } from '#lib/core/actor.ts';
import { contextFor } from '#lib/core/context.ts';
import { newId } from '#lib/core/ids.ts';
import { db, withTransaction } from '#lib/db/index.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { changePolicy } from './change-policy.ts';
import { createSlo } from './create-slo.ts';
import { listPolicies, seePolicy } from './list-policies.ts';
import { policyInForce, recordPolicyCrossing } from './policy-in-force.ts';
import type { WindowFigures } from './schemas.ts';
import { selectSlo } from './store.ts';
import { openSlo } from './testing/definitions.ts';

vi.stubEnv('LOG_LEVEL', 'fatal');

const environment = 'production';
let done: () => Promise<void>;
let ada: TestPerson;
beforeAll(async () => {
  done = await useTestDatabase();
  ada = await makePerson('commander');
});
afterAll(() => done());

const step = (name: string, from: number | null, effect = 'none') => ({
  name,
  from,
  effect,
  message: 'So be it.',
  tell: [],
});
const steps = [step('free', 0.5), step('slow', 0, 'warn'), step('frozen', null, 'block')];
const change = (name: string, input: object, ctx = ada.ctx()) =>
  changePolicy({ ctx, name, input: { title: 'Strict', steps, ...input } });
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error) => error,
  );

describe('a budget policy', () => {
  test('is made, changed by who saw what it is, and listed', async () => {
    const ctx = ada.ctx();
    expect(await change('strict', { version: 0 }, ctx)).toMatchObject({ name: 'strict', steps, version: 1 });
    const audit = await db().auditRecord.findMany({ where: { requestId: ctx.requestId } });
    expect(audit).toMatchObject([{ verb: 'policies.change', outcome: 'done', subjectId: 'strict' }]);
    expect(await refusal(change('strict', { version: 0 }))).toMatchObject({ code: 'policy.stale', status: 409 });
    const both = await Promise.allSettled([
      change('strict', { version: 1, title: 'A' }),
      change('strict', { version: 1, title: 'B' }),
    ]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(both.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'policy.stale', detail: expect.stringContaining('version 2 now, you sent 1') },
    });
    expect((await listPolicies({ ctx: ada.ctx() })).items.map(({ name }) => name)).toEqual(['default', 'strict']);
    expect(await seePolicy({ ctx: ada.ctx(), name: 'strict' })).toMatchObject({ version: 2 });
  });

  test('that leaves a budget without a step is refused, and stays as it was', async () => {
    const without = (index: number) => steps.filter((_, i) => i !== index);
    expect(await refusal(change('default', { version: 1, steps: without(2) }))).toMatchObject({
      status: 400,
      errors: [{ path: 'steps[1].from', code: 'no_end' }],
    });
    expect(await refusal(change('default', { version: 1, steps: without(1) }))).toMatchObject({
      errors: [{ path: 'steps[0].from', code: 'gap' }],
    });
    expect(await refusal(change('default', { version: 1, steps: [] }))).toMatchObject({ errors: [{ path: 'steps' }] });
    expect(await seePolicy({ ctx: ada.ctx(), name: 'default' })).toMatchObject({ version: 1 });
  });

  test('that there is not is neither seen nor changed', async () => {
    expect(await refusal(seePolicy({ ctx: ada.ctx(), name: 'none' }))).toMatchObject({ code: 'policy.unknown' });
    expect(await refusal(change('none', { version: 3 }))).toMatchObject({ code: 'policy.unknown', status: 404 });
  });

  test('is not changed by responders, nor by tokens that reach only some services', async () => {
    const ctx = (await makePerson('responder')).ctx();
    expect(await refusal(change('default', { version: 1 }, ctx))).toMatchObject({ code: 'auth.role_too_low' });
    expect(await db().auditRecord.count({ where: { requestId: ctx.requestId, outcome: 'refused' } })).toBe(1);
    for (const scope of [{ services: ['payment'] }, { environments: ['staging'] }]) {
      const token = contextFor({
        kind: 'token',
        id: newId(),
        name: 'ci',
        ownerId: ada.id,
        role: 'admin',
        scope: { ...fullScope, ...scope },
      });
      expect(await refusal(change('default', { version: 1 }, token))).toMatchObject({ code: 'auth.scope_too_narrow' });
    }
  });
});

/** An SLO of a service with so much left, or nothing counted yet. */
async function slo(name: string, service: string, budgetLeft?: number | null) {
  await createSlo({ ctx: ada.ctx(), environment, input: { source: openSlo({ name, service }) } });
  const made = await selectSlo(db(), environment, name);
  if (!made) throw new Error('there is no SLO');
  const figures: Partial<WindowFigures> = { budgetLeft, until: '2026-11-21T10:00:00.000Z' };
  if (budgetLeft !== undefined) await db().sloState.update({ where: { sloId: made.id }, data: { figures } });
  return made;
}

describe('the policy in force', () => {
  test('is of every SLO of a service, worst first, and says what is not known', async () => {
    await slo('left-all', 'cart', 1);
    await slo('left-none', 'cart', -0.2);
    await slo('left-some', 'cart', 0.1);
    await slo('no-events', 'cart', null);
    await slo('not-begun', 'cart');
    await slo('elsewhere', 'order', -3);
    const lost = await slo('lost-policy', 'cart', 0.9);
    await db().$executeRaw`
      insert into slo_revision (slo_id, revision, definition, source, changes, actor_kind, actor_id, actor_name)
      select slo_id, 2, jsonb_set(definition, '{policy}', '"gone"'), source, changes, actor_kind, actor_id, actor_name
      from slo_revision where slo_id = ${lost.id}::uuid`;
    await db().slo.update({ where: { id: lost.id }, data: { revision: 2 } });
    const inForce = await policyInForce({ environment, service: 'cart' });
    expect(inForce.map((one) => [one.slo, one.step?.name ?? null, one.reason])).toEqual([
      ['left-none', 'frozen', null],
      ['left-some', 'reliability only', null],
      ['lost-policy', null, 'There is no policy gone.'],
      ['no-events', null, expect.stringContaining('no events')],
      ['not-begun', null, 'Nothing has been counted for it yet.'],
      ['left-all', 'free', null],
    ]);
    expect(inForce[0]).toMatchObject({ budgetLeft: -0.2, asOf: '2026-11-21T10:00:00.000Z', policy: 'default' });
    expect(await policyInForce({ environment: 'staging', service: 'cart' })).toEqual([]);
  });

  test('that changes is recorded, once an hour for each step', async () => {
    const made = await slo('crossing', 'wallet');
    const now = new Date('2026-11-21T10:20:00Z');
    const cross = (before: number | null, after: number | null, at = now) =>
      withTransaction((tx) => recordPolicyCrossing(tx, made, before, after, at));
    expect(await cross(0.9, 0.6)).toBeNull();
    expect(await cross(null, 0.1)).toBeNull();
    expect(await cross(0.1, null)).toBeNull();
    expect(await cross(0.51, 0.2481)).not.toBeNull();
    expect(await cross(0.51, 0.2482)).toBeNull();
    expect(await cross(0.51, 0.2483, new Date('2026-11-21T11:20:00Z'))).not.toBeNull();
    expect(await cross(0.1, 0)).not.toBeNull();
    expect(await cross(0.1, -0.1, new Date('2026-11-21T12:20:00Z'))).not.toBeNull();
    const facts = await db().fact.findMany({
      where: { services: { has: 'wallet' }, kind: 'note' },
      orderBy: { recordedAt: 'asc' },
    });
    expect(facts.map(({ title }) => title.replace('Availability of wallet: policy is now ', ''))).toEqual([
      '“reliability only” (24.8 % left)',
      '“reliability only” (24.8 % left)',
      '“frozen” (nothing left)',
      '“frozen” (budget overspent)',
    ]);
    expect(facts[0]).toMatchObject({
      subjectKind: 'slo',
      subjectId: made.id,
      payload: { before: 'free', step: 'reliability only' },
    });
  });
});
