import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Context, contextFor } from '#lib/core/context.ts';
import { forget } from '#lib/core/registry.ts';
import { db } from '#lib/db/index.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { issueSetUpToken, needsSetUp, setUp } from './set-up.ts';
import { signIn } from './sign-in.ts';

vi.stubEnv('LOG_LEVEL', 'fatal');

let done: () => Promise<void>;
beforeAll(async () => {
  done = await useTestDatabase({ QD_SETUP_TOKEN: '' });
});
beforeEach(async () => {
  await db().person.deleteMany();
  await db().throttle.deleteMany();
  await db().install.deleteMany();
});
afterAll(() => done());

const phrase = 'a long pass phrase';
const ada = { name: 'Ada', email: 'Ada@example.com', password: phrase };
const by = (address = '203.0.113.1'): Context => ({ ...contextFor(null), address });
const tryWith = (token: unknown, more: object = {}, ctx = by()) => setUp({ ctx, input: { ...ada, token, ...more } });
const codeOf = (work: Promise<unknown>) => work.then(() => 'done').catch(({ code }) => code);

describe('the first run', () => {
  test('needs the token that was issued, makes one admin who can sign in, and is gone afterwards', async () => {
    expect(await needsSetUp()).toBe(true);
    const token = (await issueSetUpToken()) ?? '';
    expect(token).toMatch(/^[\w-]{24}$/);
    expect(JSON.stringify(await db().install.findMany())).not.toContain(token);
    const ctx = by();
    expect(await tryWith(token, {}, ctx)).toMatchObject({ email: 'ada@example.com', role: 'admin' });
    expect(await db().auditRecord.findMany({ where: { requestId: ctx.requestId } })).toMatchObject([
      { verb: 'auth.set-up', outcome: 'done', detail: { firstRun: true } },
    ]);
    expect(await signIn(by(), 'ada@example.com', phrase)).toMatchObject({ name: 'Ada' });

    expect(await needsSetUp()).toBe(false);
    expect(await issueSetUpToken()).toBeNull();
    for (const input of [{ ...ada, token }, { token: 'wrong' }, {}, null]) {
      await expect(setUp({ ctx: by(), input })).rejects.toMatchObject({ status: 404, code: 'request.not_found' });
    }
    expect(await db().person.count()).toBe(1);
  });

  test('refuses a wrong token, names the field, and audits it', async () => {
    await issueSetUpToken();
    const ctx = by();
    await expect(tryWith('wrong', {}, ctx)).rejects.toMatchObject({
      code: 'auth.setup_token_wrong',
      status: 403,
      errors: [{ path: 'token' }],
    });
    expect(await db().auditRecord.findMany({ where: { requestId: ctx.requestId } })).toMatchObject([
      { verb: 'auth.set-up', outcome: 'refused', code: 'auth.setup_token_wrong' },
    ]);
    expect(await db().person.count()).toBe(0);
  });

  test('refuses every token while none was issued', async () => {
    for (const token of ['', 'null', 'undefined']) expect(await codeOf(tryWith(token))).not.toBe('done');
    expect(await db().person.count()).toBe(0);
  });

  test('a token that is issued anew replaces the one before', async () => {
    const first = await issueSetUpToken();
    const second = await issueSetUpToken();
    expect(await codeOf(tryWith(first))).toBe('auth.setup_token_wrong');
    expect(await codeOf(tryWith(second))).toBe('done');
  });

  test('four at once with the right token make one admin', async () => {
    const token = await issueSetUpToken();
    const all = await Promise.all(
      Array.from({ length: 4 }, (_, index) =>
        codeOf(tryWith(token, { email: `a${index}@example.com` }, by(`10.0.0.${index}`))),
      ),
    );
    expect(all.filter((code) => code === 'done')).toHaveLength(1);
    expect(await db().person.count()).toBe(1);
  });

  test('guessing is slowed down', async () => {
    await issueSetUpToken();
    const codes: string[] = [];
    for (let guess = 0; guess < 7; guess++) codes.push(await codeOf(tryWith('wrong', {}, by(`10.0.1.${guess}`))));
    expect(codes.slice(0, 5)).toEqual(Array(5).fill('auth.setup_token_wrong'));
    expect(codes).toContain('auth.throttled');
  });

  test('names the fields that are wrong', async () => {
    const error = await setUp({ ctx: by(), input: { token: 'x', email: 'x', password: 'short' } }).catch(
      (thrown) => thrown,
    );
    expect(error.errors.map(({ path }: { path: string }) => path)).toEqual(['name', 'email', 'password']);
  });
});

test('a configured token is the only one', async () => {
  process.env.QD_SETUP_TOKEN = 'a configured token';
  forget('config');
  expect(await issueSetUpToken()).toBeNull();
  expect(await codeOf(tryWith('another token'))).toBe('auth.setup_token_wrong');
  expect(await codeOf(tryWith('a configured token'))).toBe('done');
});
