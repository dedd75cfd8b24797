import { describe, expect, it } from 'vitest';
import { ApiError } from '#lib/core/fetch-json.ts';
import { restricted, whoMay } from './restricted.ts';

describe('whoMay', () => {
  it.each([
    ['admin', 'an admin'],
    ['commander', 'a commander or an admin'],
    ['responder', 'a responder, a commander or an admin'],
  ] as const)('%s: %s', (least, words) => expect(whoMay(least)).toBe(words));
});

describe('restricted', () => {
  const about = { what: 'The list of people', least: 'admin', role: 'viewer' } as const;
  it('says who may, and that the refusal is recorded', () => {
    expect(restricted(new ApiError(403, 'auth.role_too_low', 'no'), about)).toEqual({
      kind: 'notPermitted',
      title: 'You are a viewer',
      hint: 'The list of people needs an admin. The refusal is recorded.',
    });
  });
  it('leaves other errors to the panel', () => {
    expect(restricted(new ApiError(503, 'database.unavailable', 'away'), about)).toBeNull();
    expect(restricted(null, about)).toBeNull();
  });
});
