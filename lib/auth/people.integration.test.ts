import { encode } from 'next-auth/jwt';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Context, contextFor } from '#lib/core/context.ts';
import { newId } from '#lib/core/ids.ts';
import { db } from '#lib/db/index.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { authenticate } from './authenticate.ts';
import { createPerson } from './create-person.ts';
import { listPeople } from './list-people.ts';
import { checkPassword } from './password.ts';
import { cookieNames } from './session.ts';
import { makePerson, makeToken, type TestPerson } from './testing/accounts.ts';
import { updatePerson } from './update-person.ts';

vi.stubEnv('LOG_LEVEL', 'fatal');

let done: () => Promise<void>;
let admin: TestPerson;
beforeAll(async () => {
  done = await useTestDatabase();
});
beforeEach(async () => {
  admin = await makePerson('admin');
});
afterAll(() => done());

const phrase = 'a long pass phrase';
const update = (input: Record<string, unknown>, ctx: Context = admin.ctx()) => updatePerson({ ctx, input });
const auditOf = (ctx: Context) => db().auditRecord.findMany({ where: { requestId: ctx.requestId } });

/** A request with the session cookie that sign-in would have made now. */
async function sessionOf({ id }: { id: string }): Promise<Request> {
  const { sessionVersion } = await db().person.findUniqueOrThrow({ where: { id } });
  const token = await encode({ token: { sub: id, sessionVersion }, secret: process.env.QD_SECRET ?? '' });
  return new Request('http://localhost:3000/', { headers: { cookie: `${cookieNames().session}=${token}` } });
}

describe('adding a person', () => {
  test('makes an account with that password, and says so in the audit without it', async () => {
    const ctx = admin.ctx();
    const input = { name: '  Grace ', email: `Grace.${newId()}@Example.com`, role: 'responder', password: phrase };
    const person = await createPerson({ ctx, input });
    expect(person).toMatchObject({ name: 'Grace', email: input.email.toLowerCase(), role: 'responder', version: 1 });
    expect(JSON.stringify(person)).not.toContain('scrypt');
    const row = await db().person.findUniqueOrThrow({ where: { id: person.id } });
    expect(await checkPassword(phrase, row.passwordHash)).toBe(true);
    const audit = await auditOf(ctx);
    expect(audit).toMatchObject([{ verb: 'people.create', outcome: 'done', subjectId: person.id }]);
    expect(JSON.stringify(audit)).not.toContain(phrase);
  });

  test('refuses an email that somebody has, in whatever case, and two at once make one', async () => {
    const email = `${newId()}@example.com`;
    const add = (address: string) =>
      createPerson({ ctx: admin.ctx(), input: { name: 'Grace', email: address, role: 'viewer', password: phrase } });
    const both = await Promise.allSettled([add(email), add(email.toUpperCase())]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await expect(add(email)).rejects.toMatchObject({ code: 'auth.email_taken', errors: [{ path: 'email' }] });
  });

  test('names every field that is wrong', async () => {
    const input = { name: ' ', email: 'nobody', role: 'boss', password: 'short', extra: 1 };
    const error = await createPerson({ ctx: admin.ctx(), input }).catch((thrown) => thrown);
    expect(error.errors).toEqual([
      { path: 'name', code: 'too_small', message: 'must not be empty' },
      { path: 'email', code: 'invalid_format', message: 'must be an email address' },
      { path: 'role', code: 'invalid_value', message: 'must be viewer, responder, commander or admin' },
      { path: 'password', code: 'too_small', message: 'must have at least 12 characters' },
      { path: '', code: 'unrecognized_keys', message: expect.stringContaining('extra') },
    ]);
  });

  test.each(['viewer', 'responder', 'commander'] as const)('is refused to a %s, and audited', async (role) => {
    const ctx = (await makePerson(role)).ctx();
    await expect(createPerson({ ctx, input: {} })).rejects.toMatchObject({ code: 'auth.role_too_low' });
    expect(await auditOf(ctx)).toMatchObject([{ verb: 'people.create', outcome: 'refused' }]);
  });
});

describe('changing a person', () => {
  test('tells what changed in the audit', async () => {
    const grace = await makePerson('viewer');
    const ctx = admin.ctx();
    expect(await update({ id: grace.id, role: 'commander', name: 'Grace' }, ctx)).toMatchObject({
      role: 'commander',
      name: 'Grace',
      version: 2,
    });
    expect(await auditOf(ctx)).toMatchObject([
      {
        detail: {
          role: { from: 'viewer', to: 'commander' },
          name: { from: 'A viewer', to: 'Grace' },
          passwordSet: false,
        },
      },
    ]);
  });

  test.each<[string, Record<string, unknown>]>([
    ['disabling', { disabled: true }],
    ['another role', { role: 'responder' }],
    ['another password', { password: phrase }],
  ])('%s ends their sessions at once', async (_, change) => {
    const grace = await makePerson('viewer');
    const request = await sessionOf(grace);
    expect(await authenticate(request)).toMatchObject({ actor: { id: grace.id, role: 'viewer' }, cookie: true });
    await update({ id: grace.id, ...change });
    expect(await authenticate(request)).toBeNull();
  });

  test.each<[string, Record<string, unknown>]>([
    ['another name', { name: 'Grace' }],
    ['the role that they have', { role: 'viewer' }],
    ['enabling whom nobody disabled', { disabled: false }],
  ])('%s leaves their sessions alone', async (_, change) => {
    const grace = await makePerson('viewer');
    const request = await sessionOf(grace);
    await update({ id: grace.id, ...change });
    expect(await authenticate(request)).not.toBeNull();
  });

  test('enabled again, a person needs a new session', async () => {
    const grace = await makePerson('viewer');
    const request = await sessionOf(grace);
    expect((await update({ id: grace.id, disabled: true })).disabledAt).not.toBeNull();
    expect((await update({ id: grace.id, disabled: false })).disabledAt).toBeNull();
    expect(await authenticate(request)).toBeNull();
    expect(await authenticate(await sessionOf(grace))).not.toBeNull();
  });

  test('with the version that one saw fails when somebody was faster', async () => {
    const grace = await makePerson('viewer');
    await update({ id: grace.id, version: 1, name: 'First' });
    await expect(update({ id: grace.id, version: 1, name: 'Second' })).rejects.toMatchObject({
      code: 'auth.stale',
      status: 409,
    });
    expect(await db().person.findUnique({ where: { id: grace.id } })).toMatchObject({ name: 'First', version: 2 });
  });

  test('five at once with one version: one wins', async () => {
    const grace = await makePerson('viewer');
    const all = await Promise.allSettled(
      [1, 2, 3, 4, 5].map((n) => update({ id: grace.id, version: 1, name: `N${n}` })),
    );
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('that there is not is 404; nothing to change is a 400 that says what could be', async () => {
    await expect(update({ id: newId(), name: 'X' })).rejects.toMatchObject({ status: 404 });
    await expect(update({ id: admin.id })).rejects.toMatchObject({
      status: 400,
      detail: expect.stringContaining('name, role, password, disabled'),
    });
  });
});

describe('the last admin', () => {
  beforeEach(async () => {
    await db().person.updateMany({ where: { role: 'admin', id: { not: admin.id } }, data: { disabledAt: new Date() } });
  });

  test.each<[string, Record<string, unknown>]>([
    ['disabled', { disabled: true }],
    ['made something less', { role: 'commander' }],
  ])('cannot be %s', async (_, change) => {
    const ctx = admin.ctx();
    await expect(update({ id: admin.id, ...change }, ctx)).rejects.toMatchObject({
      code: 'auth.last_admin',
      status: 409,
    });
    expect(await auditOf(ctx)).toMatchObject([{ outcome: 'refused', code: 'auth.last_admin' }]);
  });

  test('may be renamed, and may leave once there is another', async () => {
    await update({ id: admin.id, name: 'Ada' });
    await makePerson('admin');
    expect((await update({ id: admin.id, role: 'viewer' })).role).toBe('viewer');
  });

  test('remains when two admins disable each other at once', async () => {
    const other = await makePerson('admin');
    const both = await Promise.allSettled([
      update({ id: other.id, disabled: true }, admin.ctx()),
      update({ id: admin.id, disabled: true }, other.ctx()),
    ]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await db().person.count({ where: { role: 'admin', disabledAt: null } })).toBe(1);
  });
});

describe('who sends a request with a cookie', () => {
  test('has the role of now, not of when they signed in', async () => {
    const grace = await makePerson('viewer');
    const request = await sessionOf(grace);
    await db().person.update({ where: { id: grace.id }, data: { role: 'commander' } });
    expect((await authenticate(request))?.actor).toMatchObject({ role: 'commander' });
  });

  test('is nobody when the person is gone', async () => {
    const grace = await makePerson('viewer');
    const request = await sessionOf(grace);
    await db().person.delete({ where: { id: grace.id } });
    expect(await authenticate(request)).toBeNull();
  });

  test('is who the token says when they send one as well', async () => {
    const grace = await makePerson('viewer');
    const request = await sessionOf(grace);
    const token = await makeToken('admin');
    request.headers.set('authorization', token.bearer.authorization);
    expect(await authenticate(request)).toMatchObject({ actor: { kind: 'token', id: token.id }, cookie: false });
    request.headers.set('authorization', 'Bearer wrong');
    expect(await authenticate(request)).toBeNull();
  });
});

test('the list of people has everybody once, over pages', async () => {
  const made = [await makePerson('viewer'), await makePerson('viewer'), await makePerson('viewer')];
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await listPeople({ ctx: admin.ctx(), query: { limit: 2, cursor } });
    seen.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor ?? undefined;
  } while (cursor);
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen).toEqual(expect.arrayContaining(made.map(({ id }) => id)));
  expect(seen).toHaveLength(await db().person.count());
  await expect(listPeople({ ctx: contextFor(null), query: { limit: 2 } })).rejects.toMatchObject({ status: 401 });
});
