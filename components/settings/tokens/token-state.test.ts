import { describe, expect, it } from 'vitest';
import { createTokenInput } from '#lib/auth/schemas.ts';
import { expiries, expiryAt, scopeWords, tokenState } from './token-state.ts';

const now = Date.parse('2026-11-21T14:30:00Z');

describe('tokenState', () => {
  it.each([
    [{ revokedAt: null, expiresAt: null }, 'active'],
    [{ revokedAt: '2026-11-20T00:00:00Z', expiresAt: '2026-11-19T00:00:00Z' }, 'revoked'],
    [{ revokedAt: null, expiresAt: '2026-11-21T14:30:00Z' }, 'expired'],
    [{ revokedAt: null, expiresAt: '2026-11-25T00:00:00Z' }, 'expiresSoon'],
    [{ revokedAt: null, expiresAt: '2027-01-01T00:00:00Z' }, 'active'],
  ])('%o is %s', (token, state) => expect(tokenState(token, now)).toBe(state));
});

describe('scopeWords', () => {
  it('names what is reached', () => {
    expect(scopeWords({ access: 'read', services: ['payment', 'order'], environments: 'all' })).toBe(
      'read · payment, order · all environments',
    );
  });
});

describe('expiryAt', () => {
  it('counts days from now, and knows never', () => {
    expect(expiryAt('30', '', now)).toBe('2026-12-21T14:30:00.000Z');
    expect(expiryAt('never', '', now)).toBeNull();
  });
  it('reads a time of the browser, and says when it is none', () => {
    expect(expiryAt('at', '2027-01-31T10:00', now)).toBe(new Date('2027-01-31T10:00').toISOString());
    expect(expiryAt('at', '', now)).toBeUndefined();
  });
  it('writes what the API takes', () => {
    for (const { id } of expiries) {
      const expiresAt = expiryAt(id, '2027-01-31T10:00', now);
      expect(createTokenInput.safeParse({ name: 'ci', role: 'viewer', expiresAt }).success, id).toBe(true);
    }
  });
});
