import { defineVerb } from '#lib/core/define-verb.ts';

export const seeMe = defineVerb({ id: 'auth.me', title: 'See who you are', role: 'viewer', changes: false });
export const signIn = defineVerb({ id: 'auth.sign-in', title: 'Sign in', role: 'anyone', changes: true });
export const setUp = defineVerb({ id: 'auth.set-up', title: 'Set up', role: 'anyone', changes: true });

export const listPeople = defineVerb({
  id: 'people.list',
  title: 'See people',
  role: 'admin',
  changes: false,
  keywords: ['users', 'accounts', 'roles'],
  href: '/settings/people',
});
export const createPerson = defineVerb({
  id: 'people.create',
  title: 'Add a person…',
  role: 'admin',
  changes: true,
  peopleOnly: true,
  keywords: ['user', 'account', 'invite'],
  href: '/settings/people?new=1',
});
export const updatePerson = defineVerb({
  id: 'people.update',
  title: 'Change a person',
  role: 'admin',
  changes: true,
  peopleOnly: true,
});
export const listTokens = defineVerb({
  id: 'tokens.list',
  title: 'See API tokens',
  role: 'admin',
  changes: false,
  keywords: ['keys', 'bearer', 'api'],
  href: '/settings/tokens',
});
export const createToken = defineVerb({
  id: 'tokens.create',
  title: 'Create an API token…',
  role: 'admin',
  changes: true,
  peopleOnly: true,
  keywords: ['key', 'bearer'],
  href: '/settings/tokens?new=1',
});
export const revokeToken = defineVerb({
  id: 'tokens.revoke',
  title: 'Revoke an API token',
  role: 'admin',
  changes: true,
  peopleOnly: true,
});
