import { describe, expect, it } from 'vitest';
import type { Person } from '#lib/auth/schemas.ts';
import { changedMeanwhile, isLastAdmin } from './last-admin.ts';

const person = (over: Partial<Person>): Person => ({
  id: '1',
  email: 'a@example.com',
  name: 'Ada',
  role: 'admin',
  version: 1,
  disabledAt: null,
  lastSeenAt: null,
  createdAt: '2026-11-21T09:00:00.000Z',
  ...over,
});

describe('isLastAdmin', () => {
  const ada = person({});
  it.each([
    ['alone', [ada], true],
    ['beside a viewer', [ada, person({ id: '2', role: 'viewer' })], true],
    ['beside a disabled admin', [ada, person({ id: '2', disabledAt: '2026-11-20T00:00:00.000Z' })], true],
    ['beside another admin', [ada, person({ id: '2' })], false],
  ])('%s', (_, people, last) => expect(isLastAdmin(ada, people)).toBe(last));
  it('is never somebody who is disabled', () => {
    const out = person({ disabledAt: '2026-11-20T00:00:00.000Z' });
    expect(isLastAdmin(out, [out])).toBe(false);
  });
});

describe('changedMeanwhile', () => {
  it('names what somebody else did', () => {
    expect(changedMeanwhile(person({}), person({ name: 'Eve', role: 'viewer' }))).toEqual([
      'the name is now “Eve”',
      'the role is now viewer',
    ]);
    expect(changedMeanwhile(person({}), person({ disabledAt: '2026-11-20T00:00:00.000Z' }))).toEqual([
      'they were disabled',
    ]);
    expect(changedMeanwhile(person({}), person({ version: 2 }))).toEqual(['the password was set']);
  });
});
