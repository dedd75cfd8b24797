import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Actor,
  fullScope,
  inScope,
  isSystem,
  jobActor,
  lesserRole,
  personOf,
  type Role,
  roleAtLeast,
  roles,
  type Scope,
} from './actor.ts';

const token = (scope: Partial<Scope>): Actor => ({
  kind: 'token',
  id: 't',
  name: 'T',
  ownerId: 'p',
  role: 'admin',
  scope: { ...fullScope, ...scope },
});
const person: Actor = { kind: 'person', id: 'p', name: 'P', role: 'viewer', scope: fullScope };
const anyRole = fc.constantFrom<Role>(...roles);

describe('roles', () => {
  test('each may do what those before it may', () => {
    const table = roles.map((role) => roles.map((least) => roleAtLeast(role, least)));
    expect(table).toEqual([
      [true, false, false, false],
      [true, true, false, false],
      [true, true, true, false],
      [true, true, true, true],
    ]);
  });

  test('the lesser of two is at most both, and one of them', () => {
    fc.assert(
      fc.property(anyRole, anyRole, (a, b) => {
        const lesser = lesserRole(a, b);
        expect([a, b]).toContain(lesser);
        expect(roleAtLeast(a, lesser) && roleAtLeast(b, lesser)).toBe(true);
        expect(lesserRole(b, a)).toBe(lesser);
      }),
    );
  });
});

describe('a scope', () => {
  test.each<[string, Partial<Scope>, string, string | undefined, boolean]>([
    ['all of everything', {}, 'production', 'payment', true],
    ['one service', { services: ['payment'] }, 'production', 'payment', true],
    ['another service', { services: ['payment'] }, 'production', 'order', false],
    ['no service asked for', { services: ['payment'] }, 'production', undefined, true],
    ['one environment', { environments: ['staging'] }, 'staging', 'payment', true],
    ['another environment', { environments: ['staging'] }, 'production', 'payment', false],
    ['both must fit', { environments: ['staging'], services: ['payment'] }, 'staging', 'order', false],
  ])('%s', (_, scope, environment, service, expected) => {
    expect(inScope(token(scope), environment, service)).toBe(expected);
  });

  test('does not bind the system itself', () => {
    expect(inScope(jobActor('x'), 'production', 'payment')).toBe(true);
  });
});

test('behind a token stands its owner, behind a job nobody', () => {
  expect(personOf(person)).toBe('p');
  expect(personOf(token({}))).toBe('p');
  expect(personOf(jobActor('x'))).toBeNull();
});

test('only jobs, hooks and set-up are the system', () => {
  const system: Actor[] = [jobActor('x'), { kind: 'hook', id: 'h', name: 'H' }, { kind: 'setup', id: 's', name: 'S' }];
  expect(system.map(isSystem)).toEqual([true, true, true]);
  expect([person, token({})].map(isSystem)).toEqual([false, false]);
});
