import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type Context, contextFor } from '#lib/core/context.ts';
import { sha256 } from '#lib/core/hash.ts';
import { newId } from '#lib/core/ids.ts';
import { db } from '#lib/db/index.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { signIn } from './sign-in.ts';
import { cheapHash, makePerson, type TestPerson } from './testing/accounts.ts';
import { attempt } from './throttle.ts';
import * as verbs from './verbs.ts';

vi.stubEnv('LOG_LEVEL', 'fatal');

const phrase = 'a long pass phrase';
const passwordHash = cheapHash(phrase);
let done: () => Promise<void>;
let ada: TestPerson;

beforeAll(async () => {
  done = await useTestDatabase();
});
beforeEach(async () => {
  ada = await makePerson('responder', { passwordHash });
});
afterAll(() => done());

let addresses = 0;
const from = (address = `203.0.113.${++addresses}`): Context => ({ ...contextFor(null), address });
const fails = (ctx: Context, email: string, password: string) =>
  signIn(ctx, email, password).then(
    () => null,
    ({ code, detail, status }) => ({ code, detail, status }),
  );

describe('signing in', () => {
  test('gives who it is and the session version, and is in the audit', async () => {
    const ctx = from();
    expect(await signIn(ctx, ` ${ada.email.toUpperCase()} `, phrase)).toEqual({
      id: ada.id,
      name: 'A responder',
      email: ada.email,
      sessionVersion: 1,
    });
    expect(await db().auditRecord.findMany({ where: { requestId: ctx.requestId } })).toMatchObject([
      { verb: 'auth.sign-in', outcome: 'done', actorId: ada.id, address: ctx.address },
    ]);
    expect((await db().person.findUniqueOrThrow({ where: { id: ada.id } })).lastSeenAt).not.toBeNull();
  });

  test('answers the same for an unknown person, a disabled one, one without a password and a wrong password', async () => {
    const disabled = await makePerson('viewer', { passwordHash, disabledAt: new Date() });
    const without = await makePerson('viewer');
    const answers = [
      await fails(from(), ada.email, 'wrong'),
      await fails(from(), 'nobody@example.com', phrase),
      await fails(from(), disabled.email, phrase),
      await fails(from(), without.email, phrase),
      await fails(from(), ada.email, ''),
      await fails(from(), ada.email, `${phrase}${' '.repeat(300)}`),
    ];
    expect(answers[0]).toMatchObject({ code: 'auth.credentials_wrong', status: 401 });
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  test('as somebody who could never be is wrong like any other', async () => {
    const odd = ['a\u0000@example.com', '\ud800@example.com', 'x'.repeat(10_000), "' or 1=1 --"];
    const answers = await Promise.all(odd.map((email) => fails(from(), email, phrase)));
    expect(answers.map((answer) => answer?.code)).toEqual(odd.map(() => 'auth.credentials_wrong'));
  });

  test('that failed is in the audit, with neither the email nor the password that was tried', async () => {
    const ctx = from();
    await fails(ctx, 'typo-of-a-password@example.com', 'hunter2');
    const audit = await db().auditRecord.findMany({ where: { requestId: ctx.requestId } });
    expect(audit).toMatchObject([{ outcome: 'refused', code: 'auth.credentials_wrong', audience: 'role:admin' }]);
    expect(JSON.stringify(audit)).not.toMatch(/hunter2|typo-of/);
  });
});

describe('after failures', () => {
  const wrong = () => signIn(from(), ada.email, 'wrong').catch(({ code }) => code);

  test('the next attempt at the account must wait, wherever it comes from, even with the right password', async () => {
    const key = `account:${sha256(ada.email)}`;
    const mayTryNow = () => db().throttle.update({ where: { key }, data: { nextAllowedAt: new Date(0) } });
    for (let failure = 1; failure <= 9; failure++) {
      expect(await wrong()).toBe('auth.credentials_wrong');
      await mayTryNow();
    }
    expect(await wrong()).toBe('auth.credentials_wrong');
    const error = await signIn(from(), ada.email, phrase).catch((thrown) => thrown);
    expect(error).toMatchObject({ code: 'auth.throttled', status: 429 });
    expect(error.retryAfterSeconds).toBeGreaterThan(16);
    expect(error.retryAfterSeconds).toBeLessThanOrEqual(32);
    const audit = await db().auditRecord.findMany({ where: { code: 'auth.throttled' } });
    expect(audit).toMatchObject([{ verb: 'auth.sign-in', outcome: 'refused' }]);
    await mayTryNow();
    expect(await signIn(from(), ada.email, phrase)).toMatchObject({ id: ada.id });
  });

  test('another account is not held up', async () => {
    for (let failure = 1; failure <= 6; failure++) await wrong();
    const grace = await makePerson('viewer', { passwordHash });
    expect(await signIn(from(), grace.email, phrase)).toMatchObject({ id: grace.id });
  });

  test('many at once do not slip through', async () => {
    const codes = await Promise.all(Array.from({ length: 20 }, wrong));
    expect(codes.filter((code) => code === 'auth.credentials_wrong').length).toBeLessThanOrEqual(7);
    expect(codes.filter((code) => code === 'auth.throttled').length).toBeGreaterThanOrEqual(13);
  });

  test('signing in makes the account good again', async () => {
    for (let failure = 1; failure <= 4; failure++) await wrong();
    await signIn(from(), ada.email, phrase);
    for (let failure = 1; failure <= 4; failure++) expect(await wrong()).toBe('auth.credentials_wrong');
  });
});

describe('a throttle', () => {
  const failing = (status: 401 | 403 | 404 | 500) => async () => {
    const { AppError } = await import('#lib/core/errors.ts');
    const code = { 401: 'auth.credentials_wrong', 403: 'auth.setup_token_wrong', 404: 'request.not_found' } as const;
    throw status === 500 ? new Error('down') : new AppError(code[status], 'x');
  };
  const row = (address: string) => db().throttle.findUnique({ where: { key: `address:${address}` } });
  const tryAs = (address: string, status: 401 | 403 | 404 | 500) =>
    attempt(from(address), verbs.signIn, newId(), failing(status)).catch(({ code }) => code);

  test('by address holds back one who tries many accounts, and doubles up to five minutes', async () => {
    for (let failure = 1; failure <= 30; failure++) {
      expect(await tryAs('198.51.100.1', 401)).toBe('auth.credentials_wrong');
    }
    expect(await tryAs('198.51.100.1', 401)).toBe('auth.throttled');
    expect(await tryAs('198.51.100.2', 401)).toBe('auth.credentials_wrong');
    const waits: number[] = [];
    for (let failure = 31; failure <= 42; failure++) {
      await db().throttle.update({ where: { key: 'address:198.51.100.1' }, data: { nextAllowedAt: new Date(0) } });
      await tryAs('198.51.100.1', 401);
      const { nextAllowedAt, updatedAt } = (await row('198.51.100.1'))!;
      waits.push(Math.round((nextAllowedAt.getTime() - updatedAt.getTime()) / 1_000));
    }
    expect(waits).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300]);
  });

  test('counts what proves nothing wrong not at all', async () => {
    for (const status of [404, 500] as const) await tryAs('198.51.100.3', status);
    await attempt(from('198.51.100.3'), verbs.signIn, newId(), async () => 'right');
    expect(await row('198.51.100.3')).toMatchObject({ failures: 0 });
    await tryAs('198.51.100.3', 403);
    expect(await row('198.51.100.3')).toMatchObject({ failures: 1 });
  });

  test('forgets after an hour of quiet', async () => {
    for (let failure = 1; failure <= 29; failure++) await tryAs('198.51.100.4', 401);
    const longAgo = new Date(Date.now() - 61 * 60_000);
    await db().throttle.update({ where: { key: 'address:198.51.100.4' }, data: { updatedAt: longAgo } });
    await tryAs('198.51.100.4', 401);
    expect(await row('198.51.100.4')).toMatchObject({ failures: 1 });
  });

  test('keeps no email in the clear', async () => {
    await fails(from(), 'somebody@example.com', 'wrong');
    expect(JSON.stringify(await db().throttle.findMany())).not.toContain('somebody');
  });
});
