import { describe, expect, it } from 'vitest';
import { password } from '#lib/auth/schemas.ts';
import { strongPassword } from './strong-password.ts';

describe('strongPassword', () => {
  it('is one that the API takes', () => {
    const made = strongPassword();
    expect(made).toMatch(/^([a-z2-9]{4}-){4}[a-z2-9]{4}$/);
    expect(password.safeParse(made).success).toBe(true);
  });
  it('uses every letter alike and never the same twice', () => {
    const counts = new Map<string, number>();
    for (let byte = 0; byte < 256; byte++) {
      const letter = strongPassword((count) => new Uint8Array(count).fill(byte))[0] as string;
      counts.set(letter, (counts.get(letter) ?? 0) + 1);
    }
    expect([...counts.values()]).toEqual(new Array(32).fill(8));
    expect(strongPassword()).not.toBe(strongPassword());
  });
});
