import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { authenticate, selectInstall } from '#lib/auth/index.ts';
import { signIn } from '#lib/auth/sign-in.ts';
import { contextFor } from '#lib/core/context.ts';
import { db } from '#lib/db/index.ts';
import { useTestDatabase } from '#lib/db/testing/database.ts';
import { seedDemo } from './seed.ts';

let done: () => Promise<void>;
beforeAll(async () => {
  done = await useTestDatabase();
});
afterAll(() => done());

const account = (password: string) => ({ email: 'Ada@demo.test', name: 'Ada', password, role: 'responder' as const });
const seed = (password: string, responder: string) =>
  seedDemo(process.env.DATABASE_URL ?? '', [account(password)], { responder });
const whoIs = (secret: string) =>
  authenticate(new Request('http://localhost/', { headers: { authorization: `Bearer ${secret}` } }));

describe('the accounts of the demo', () => {
  test('can sign in, have their token, and mark the install', async () => {
    await seed('the first pass phrase', 'qd_the_first_token_of_it');
    expect(await signIn(contextFor(null), 'ada@demo.test', 'the first pass phrase')).toMatchObject({ name: 'Ada' });
    expect(await whoIs('qd_the_first_token_of_it')).toMatchObject({ actor: { role: 'responder' } });
    expect(await selectInstall(db())).toMatchObject({ demo: true, setUpAt: expect.any(Date) });
  });

  test('made again have the new password and the new token only', async () => {
    await seed('the second pass phrase', 'qd_the_second_token_of_it');
    await seed('the second pass phrase', 'qd_the_second_token_of_it');
    expect(await db().person.count()).toBe(1);
    expect(await signIn(contextFor(null), 'ada@demo.test', 'the second pass phrase')).toMatchObject({ name: 'Ada' });
    await expect(signIn(contextFor(null), 'ada@demo.test', 'the first pass phrase')).rejects.toMatchObject({
      status: 401,
    });
    expect(await whoIs('qd_the_second_token_of_it')).not.toBeNull();
    expect(await whoIs('qd_the_first_token_of_it')).toBeNull();
  });
});
