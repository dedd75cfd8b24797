import * as z from 'zod';
import { defineRoute } from '#lib/http/index.ts';
import { createPerson } from './create-person.ts';
import { createToken } from './create-token.ts';
import { listPeople } from './list-people.ts';
import { listTokens } from './list-tokens.ts';
import { revokeToken } from './revoke-token.ts';
import {
  createdToken,
  createPersonInput,
  createTokenInput,
  me,
  person,
  personPage,
  personQuery,
  setUpInput,
  token,
  tokenPage,
  updatePersonBody,
} from './schemas.ts';
import { seeMe } from './see-me.ts';
import { setUp } from './set-up.ts';
import { updatePerson } from './update-person.ts';
import * as verbs from './verbs.ts';

const byId = z.object({ id: z.uuid('must be an id') });
const withId = (id: string, body: unknown) =>
  body === undefined || (typeof body === 'object' && body !== null && !Array.isArray(body)) ? { ...body, id } : body;

export const routes = [
  defineRoute({
    method: 'get',
    path: '/me',
    verb: verbs.seeMe,
    tag: 'Settings',
    summary: 'Who you are',
    response: me,
    handle: seeMe,
  }),
  defineRoute({
    method: 'post',
    path: '/setup',
    verb: verbs.setUp,
    tag: 'Settings',
    summary: 'Make the first admin',
    description: 'Needs the one-time set-up token. 404 once it is done.',
    body: setUpInput,
    example: { token: '…', name: 'Ada', email: 'ada@example.com', password: 'a long pass phrase' },
    response: person,
    status: 201,
    handle: ({ ctx, body }) => setUp({ ctx, input: body }),
  }),
  defineRoute({
    method: 'get',
    path: '/people',
    verb: verbs.listPeople,
    tag: 'Settings',
    summary: 'People and their roles',
    query: personQuery,
    response: personPage,
    handle: listPeople,
  }),
  defineRoute({
    method: 'post',
    path: '/people',
    verb: verbs.createPerson,
    tag: 'Settings',
    summary: 'Add a person',
    body: createPersonInput,
    example: { name: 'Grace', email: 'grace@example.com', role: 'responder', password: 'a long pass phrase' },
    response: person,
    status: 201,
    handle: ({ ctx, body }) => createPerson({ ctx, input: body }),
  }),
  defineRoute({
    method: 'patch',
    path: '/people/{id}',
    verb: verbs.updatePerson,
    tag: 'Settings',
    summary: 'Change a person',
    description: 'Send the `version` that you saw to be told (409) when somebody was faster.',
    params: byId,
    body: updatePersonBody,
    example: { role: 'commander', version: 3 },
    response: person,
    handle: ({ ctx, params, body }) => updatePerson({ ctx, input: withId(params.id, body) }),
  }),
  defineRoute({
    method: 'get',
    path: '/tokens',
    verb: verbs.listTokens,
    tag: 'Settings',
    summary: 'API tokens',
    query: personQuery,
    response: tokenPage,
    handle: listTokens,
  }),
  defineRoute({
    method: 'post',
    path: '/tokens',
    verb: verbs.createToken,
    tag: 'Settings',
    summary: 'Create an API token',
    description: 'The secret is in this answer only. Its role is at most yours, now and at each use.',
    body: createTokenInput,
    example: { name: 'ci', role: 'responder', scope: { services: ['payment'] }, expiresAt: '2027-01-31T00:00:00Z' },
    response: createdToken,
    status: 201,
    handle: ({ ctx, body }) => createToken({ ctx, input: body }),
  }),
  defineRoute({
    method: 'delete',
    path: '/tokens/{id}',
    verb: verbs.revokeToken,
    tag: 'Settings',
    summary: 'Revoke an API token',
    params: byId,
    response: token,
    handle: ({ ctx, params }) => revokeToken({ ctx, input: params }),
  }),
];
