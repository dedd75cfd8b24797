import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Role, roles } from '#lib/core/actor.ts';
import { type Context, contextFor } from '#lib/core/context.ts';
import { newId } from '#lib/core/ids.ts';
import { db } from '#lib/db/index.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { authenticate } from './authenticate.ts';
import { createToken } from './create-token.ts';
import { listTokens } from './list-tokens.ts';
import { revokeToken } from './revoke-token.ts';
import { seeMe } from './see-me.ts';
import { makePerson, makeToken, type TestPerson, type TestToken } from './testing/accounts.ts';

vi.stubEnv('LOG_LEVEL', 'fatal');

let done: () => Promise<void>;
let admin: TestPerson;
beforeAll(async () => {
  done = await useTestDatabase();
  admin = await makePerson('admin');
});
afterAll(() => done());

const create = (input: object, ctx: Context = admin.ctx()) => createToken({ ctx, input });
const bearing = (secret: string) =>
  new Request('http://localhost:3000/', { headers: { authorization: `Bearer ${secret}` } });
const whoIs = ({ secret }: Pick<TestToken, 'secret'>) => authenticate(bearing(secret));

describe('a new token', () => {
  test('shows its secret once; only a hash is kept, and nothing of it is in the audit', async () => {
    const ctx = admin.ctx();
    const { secret, ...token } = await create({ name: 'ci', role: 'responder' }, ctx);
    expect(secret).toMatch(/^qd_[\w-]{43}$/);
    expect(token).toMatchObject({
      name: 'ci',
      role: 'responder',
      prefix: secret?.slice(0, 8),
      scope: { access: 'write', services: 'all', environments: 'all' },
      owner: { id: admin.id },
      expiresAt: null,
      revokedAt: null,
      lastUsedAt: null,
    });
    expect(await whoIs({ secret: secret ?? '' })).toMatchObject({ actor: { kind: 'token', role: 'responder' } });
    const kept = JSON.stringify([
      await db().apiToken.findUnique({ where: { id: token.id } }),
      await db().auditRecord.findMany({ where: { requestId: ctx.requestId } }),
      await listTokens({ ctx: admin.ctx(), query: { limit: 500 } }),
    ]);
    expect(kept).toContain(token.id);
    expect(kept).not.toContain(secret);
  });

  test('asked for twice under one idempotency key is one, and the second answer has no secret', async () => {
    const keyed = (): Context => ({
      ...contextFor(admin.actor),
      idempotency: { id: `key ${admin.id}`, bodyHash: 'x' },
    });
    const first = await create({ name: 'once', role: 'viewer' }, keyed());
    const ctx = keyed();
    const second = await create({ name: 'once', role: 'viewer' }, ctx);
    expect(first.secret).not.toBeNull();
    expect(second).toEqual({ ...first, secret: null });
    expect(ctx.idempotency?.replayed).toBe(true);
    expect(await db().apiToken.count({ where: { name: 'once' } })).toBe(1);
    const keys = await db().idempotencyKey.findMany();
    expect(JSON.stringify(keys)).not.toContain(first.secret);
  });

  test.each<[string, object, string]>([
    ['no name', { name: '' }, 'name'],
    ['an unknown role', { role: 'boss' }, 'role'],
    ['a time that is past', { expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    ['a time in words', { expiresAt: 'tomorrow' }, 'expiresAt'],
    ['an unknown access', { scope: { access: 'all' } }, 'scope.access'],
    ['no service at all', { scope: { services: [] } }, 'scope.services'],
    ['services that are no list', { scope: { services: 'payment' } }, 'scope.services'],
    ['a misspelt scope', { scope: { service: ['payment'] } }, 'scope'],
  ])('with %s is refused, naming the field', async (_, more, path) => {
    await expect(create({ name: 'x', role: 'viewer', ...more })).rejects.toMatchObject({
      code: 'request.invalid',
      errors: [{ path }],
    });
  });

  test('is not made by a token, whatever its role', async () => {
    const token = await whoIs(await makeToken('admin'));
    const ctx = contextFor(token?.actor ?? null);
    await expect(create({ name: 'x', role: 'viewer' }, ctx)).rejects.toMatchObject({ code: 'auth.token_cannot' });
    expect(await db().auditRecord.findMany({ where: { requestId: ctx.requestId } })).toMatchObject([
      { verb: 'tokens.create', outcome: 'refused', code: 'auth.token_cannot', actorKind: 'token' },
    ]);
  });
});

describe('a token stands for nobody', () => {
  test.each<[string, () => Promise<Pick<TestToken, 'secret'>>]>([
    ['when it is unknown', async () => ({ secret: 'qd_unknown' })],
    ['when it has expired', () => makeToken('admin', { expiresAt: new Date(Date.now() - 1) })],
    ['when it was revoked', () => makeToken('admin', { revokedAt: new Date() })],
    [
      'when its owner is disabled',
      async () => makeToken('admin', { ownerId: (await makePerson('admin', { disabledAt: new Date() })).id }),
    ],
  ])('%s', async (_, make) => {
    expect(await whoIs(await make())).toBeNull();
  });

  test.each(['Basic abc', 'Bearer', 'Bearer ', 'bearer', 'Bearer a b', 'Token abc'])(
    'in the form %j',
    async (header) => {
      const request = new Request('http://localhost:3000/', { headers: { authorization: header } });
      expect(await authenticate(request)).toBeNull();
    },
  );

  test('at once when it is revoked; revoking again changes nothing', async () => {
    const token = await makeToken('viewer');
    expect(await whoIs(token)).not.toBeNull();
    const first = await revokeToken({ ctx: admin.ctx(), input: { id: token.id } });
    expect(await whoIs(token)).toBeNull();
    expect(await revokeToken({ ctx: admin.ctx(), input: { id: token.id } })).toEqual(first);
    await expect(revokeToken({ ctx: admin.ctx(), input: { id: newId() } })).rejects.toMatchObject({ status: 404 });
  });

  test('from the moment that it expires', async () => {
    const token = await makeToken('viewer', { expiresAt: new Date(Date.now() + 150) });
    expect(await whoIs(token)).not.toBeNull();
    await vi.waitFor(async () => expect(await whoIs(token)).toBeNull());
  });
});

describe('the role of a token', () => {
  test.each(roles.flatMap((token) => roles.map((owner) => [token, owner] as [Role, Role])))(
    'of %s whose owner is %s is the lesser',
    async (role, ownerRole) => {
      const owner = await makePerson(ownerRole);
      const found = await whoIs(await makeToken(role, { ownerId: owner.id }));
      const lesser = roles[Math.min(roles.indexOf(role), roles.indexOf(ownerRole))];
      expect(found?.actor).toMatchObject({ kind: 'token', ownerId: owner.id, role: lesser });
    },
  );

  test('follows its owner at once, down and up', async () => {
    const owner = await makePerson('commander');
    const token = await makeToken('commander', { ownerId: owner.id });
    const roleNow = async () => {
      const actor = (await whoIs(token))?.actor;
      return actor && 'role' in actor ? actor.role : null;
    };
    expect(await roleNow()).toBe('commander');
    await db().person.update({ where: { id: owner.id }, data: { role: 'viewer' } });
    expect(await roleNow()).toBe('viewer');
    await db().person.update({ where: { id: owner.id }, data: { role: 'admin' } });
    expect(await roleNow()).toBe('commander');
  });
});

test('the use of a token is noted, at most once a minute', async () => {
  const token = await makeToken('viewer');
  const lastUsed = async () => (await db().apiToken.findUniqueOrThrow({ where: { id: token.id } })).lastUsedAt;
  await whoIs(token);
  const first = await vi.waitUntil(lastUsed);
  await whoIs(token);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await lastUsed()).toEqual(first);
  await db().apiToken.update({ where: { id: token.id }, data: { lastUsedAt: new Date(Date.now() - 120_000) } });
  await whoIs(token);
  await vi.waitFor(async () => expect((await lastUsed())?.getTime()).toBeGreaterThan(Date.now() - 60_000));
});

test('who one is: a person has an email, a token its scope', async () => {
  const owner = await makePerson('responder');
  expect(await seeMe({ ctx: owner.ctx() })).toMatchObject({ kind: 'person', email: owner.email, role: 'responder' });
  const token = await makeToken('admin', { ownerId: owner.id, scope: { access: 'read', services: ['payment'] } });
  const found = await whoIs(token);
  expect(await seeMe({ ctx: contextFor(found?.actor ?? null) })).toEqual({
    kind: 'token',
    id: token.id,
    name: 'A token of tests',
    email: null,
    role: 'responder',
    scope: { access: 'read', services: ['payment'], environments: 'all' },
  });
  await expect(seeMe({ ctx: contextFor(null) })).rejects.toMatchObject({ status: 401 });
});
