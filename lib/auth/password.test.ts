import { scryptSync } from 'node:crypto';
import { describe, expect, test, vi } from 'vitest';
import { checkPassword, hashPassword } from './password.ts';

// Each hash takes a third of a second of one core by design, and other tests run beside this.
vi.setConfig({ testTimeout: 30_000 });

describe('a password', () => {
  test('is right or wrong by its hash, which differs each time', async () => {
    const [one, two] = await Promise.all([hashPassword('correct horse'), hashPassword('correct horse')]);
    expect(one).not.toBe(two);
    expect(one).toMatch(/^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/);
    expect(await checkPassword('correct horse', one)).toBe(true);
    expect(await checkPassword('correct horse ', one)).toBe(false);
    expect(await checkPassword('', one)).toBe(false);
  });

  test('is the same in whichever form the keyboard composes it', async () => {
    const hash = await hashPassword('pass\u00e9 compos\u00e9');
    expect(await checkPassword('passe\u0301 compose\u0301', hash)).toBe(true);
  });

  test('may be anything that can be typed', async () => {
    const odd = "🛥\u0000'; drop table person; --";
    expect(await checkPassword(odd, await hashPassword(odd))).toBe(true);
  });

  test('keeps working after the cost was raised: it stands in the hash', async () => {
    const salt = Buffer.alloc(16, 7);
    const key = scryptSync('old pass phrase', salt, 32, { N: 1024, r: 8, p: 1 });
    const cheap = ['scrypt', 1024, 8, 1, salt.toString('base64url'), key.toString('base64url')].join('$');
    expect(await checkPassword('old pass phrase', cheap)).toBe(true);
    expect(await checkPassword('old pass phrasE', cheap)).toBe(false);
  });

  test('of an unknown person is wrong, and takes about as long', async () => {
    const hash = await hashPassword('x');
    const timed = async (work: () => Promise<boolean>) => {
      const started = performance.now();
      expect(await work()).toBe(false);
      return performance.now() - started;
    };
    const [known, unknown] = [await timed(() => checkPassword('y', hash)), await timed(() => checkPassword('y', null))];
    expect(unknown).toBeGreaterThan(known / 10);
    expect(unknown).toBeLessThan(known * 10);
  });
});
