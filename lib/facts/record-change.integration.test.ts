import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Actor, fullScope, type Role, type Scope } from '#lib/core/actor.ts';
import { type Context, contextFor } from '#lib/core/context.ts';
import { newId } from '#lib/core/ids.ts';
import { db } from '#lib/db/index.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { recordChange } from './record-change.ts';

let done: () => Promise<void>;
beforeAll(async () => {
  done = await useTestDatabase();
});
afterAll(() => done());

const hook: Actor = { kind: 'hook', id: 'changes', name: 'Hook changes' };
const token = (role: Role, scope: Partial<Scope> = {}): Actor => ({
  kind: 'token',
  id: newId(),
  name: 'CI',
  ownerId: newId(),
  role,
  scope: { ...fullScope, ...scope },
});
const change = (more: object = {}) => ({ id: newId(), kind: 'deploy', services: ['payment'], ...more });
const record = (input: unknown, ctx: Context = contextFor(hook)) => recordChange({ ctx, input });
const factOf = (subjectId: string) => db().fact.findMany({ where: { subjectKind: 'change', subjectId } });

describe('a change that CI reports', () => {
  test('is recorded with who and what', async () => {
    const input = change({
      version: '4.2.0',
      by: 'dana@example.com',
      at: '2026-11-21T10:00:00+02:00',
      endAt: '2026-11-21T08:05:00Z',
      services: ['payment', 'order', 'payment'],
    });
    const ctx = contextFor(hook);
    const { id, recorded } = await record(input, ctx);
    expect(recorded).toBe(true);
    expect(await factOf(input.id)).toMatchObject([
      {
        id,
        environment: 'production',
        kind: 'deploy',
        services: ['payment', 'order'],
        startAt: new Date('2026-11-21T08:00:00Z'),
        endAt: new Date('2026-11-21T08:05:00Z'),
        title: 'Deploy of payment, order 4.2.0',
        payload: { version: '4.2.0', by: 'dana@example.com' },
        source: 'hook',
        actorKind: 'hook',
      },
    ]);
    expect(await db().auditRecord.findMany({ where: { requestId: ctx.requestId } })).toMatchObject([
      { verb: 'changes.record', outcome: 'done', environment: 'production', subjectId: input.id },
    ]);
  });

  test('twice under one id is recorded once; the second answer names the first record', async () => {
    const input = change();
    const first = await record(input);
    expect(await record({ ...input, title: 'another' })).toEqual({ id: first.id, recorded: false });
    expect(await factOf(input.id)).toHaveLength(1);
  });

  test('eight times at once is recorded once', async () => {
    const input = change();
    const answers = await Promise.all(Array.from({ length: 8 }, () => record(input)));
    expect(answers.filter(({ recorded }) => recorded)).toHaveLength(1);
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(await factOf(input.id)).toHaveLength(1);
  });

  test('under the same id in another environment is another change', async () => {
    const input = change();
    await record(input);
    expect((await record({ ...input, environment: 'staging' })).recorded).toBe(true);
  });

  test.each<[string, object, string, RegExp]>([
    ['no id', { id: '' }, 'id', /must not be empty/],
    ['another kind', { kind: 'party' }, 'kind', /must be deploy or config/],
    ['no service', { services: [] }, 'services', /must name at least one service/],
    ['a service without a name', { services: ['payment', ''] }, 'services[1]', /must not be empty/],
    ['a control character', { services: ['a\u0007'] }, 'services[0]', /control characters/],
    ['a time in words', { at: 'yesterday' }, 'at', /must be a time such as/],
    ['a time before time', { at: '0000-01-01T00:00:00Z' }, 'at', /after 1970/],
    [
      'an end before its begin',
      { at: '2026-11-21T10:00:00Z', endAt: '2026-11-21T09:00:00Z' },
      'endAt',
      /must not be before at/,
    ],
    ['a link that runs', { url: 'javascript:alert(1)' }, 'url', /http or https/],
    ['an environment with a quote', { environment: 'a"b' }, 'environment', /may have letters/],
  ])('with %s is refused, naming the field', async (_, more, path, message) => {
    await expect(record(change(more))).rejects.toMatchObject({
      code: 'request.invalid',
      errors: [{ path, message: expect.stringMatching(message) }],
    });
  });
});

describe('a change by a token', () => {
  test('is recorded as its own', async () => {
    const input = change();
    await record(input, contextFor(token('responder')));
    expect(await factOf(input.id)).toMatchObject([{ source: 'api', actorKind: 'token', actorName: 'CI' }]);
  });

  test.each<[string, Actor, string]>([
    ['of a viewer', token('viewer'), 'auth.role_too_low'],
    ['that may only read', token('responder', { access: 'read' }), 'auth.scope_too_narrow'],
    ['for another service', token('responder', { services: ['order'] }), 'auth.scope_too_narrow'],
    ['for another environment', token('responder', { environments: ['staging'] }), 'auth.scope_too_narrow'],
  ])('%s is refused, and that is in the audit', async (_, actor, code) => {
    const input = change();
    const ctx = contextFor(actor);
    await expect(record(input, ctx)).rejects.toMatchObject({ code, status: 403 });
    expect(await factOf(input.id)).toEqual([]);
    expect(await db().auditRecord.findMany({ where: { requestId: ctx.requestId } })).toMatchObject([
      { verb: 'changes.record', outcome: 'refused', code, actorId: actor.id },
    ]);
  });
});
