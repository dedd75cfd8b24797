import * as z from 'zod';
import { roles } from '#lib/core/actor.ts';
import { pageOf, pageQuery } from '#lib/core/page.ts';

const plainText = /^\P{Cc}*$/u;
export const role = z.enum(roles, `must be ${roles.slice(0, -1).join(', ')} or ${roles.at(-1)}`);
export const email = z
  .email('must be an email address')
  .max(200, 'must have at most 200 characters')
  .transform((text) => text.toLowerCase());
export const personName = z
  .string('must be text')
  .trim()
  .min(1, 'must not be empty')
  .max(100, 'must have at most 100 characters')
  .regex(plainText, 'must not contain control characters');
export const password = z
  .string('must be text')
  .min(12, 'must have at least 12 characters')
  .max(200, 'must have at most 200 characters');

export const person = z.object({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  role,
  version: z.int(),
  disabledAt: z.string().nullable(),
  lastSeenAt: z.string().nullable(),
  createdAt: z.string(),
});
export type Person = z.infer<typeof person>;
export const personPage = pageOf(person);
export const personQuery = pageQuery;

export const createPersonInput = z.strictObject({ name: personName, email, role, password });
export type CreatePersonInput = z.infer<typeof createPersonInput>;

export const updatePersonInput = z
  .strictObject({
    id: z.uuid('must be an id'),
    version: z.int('must be the version that you saw').optional(),
    name: personName.optional(),
    role: role.optional(),
    password: password.optional(),
    disabled: z.boolean('must be true or false').optional(),
  })
  .refine(({ id: _, version: __, ...change }) => Object.values(change).some((value) => value !== undefined), {
    error: 'must change at least one of name, role, password, disabled',
  });
export const updatePersonBody = z.object(updatePersonInput.shape).omit({ id: true });

export const scope = z.strictObject({
  access: z.enum(['read', 'write'], 'must be read or write').default('write'),
  services: z
    .union(
      [
        z.literal('all'),
        z.array(z.string().min(1, 'must not be empty').max(200)).min(1, 'must name at least one, or be "all"').max(100),
      ],
      'must be "all" or a list of services',
    )
    .default('all'),
  environments: z
    .union(
      [
        z.literal('all'),
        z.array(z.string().min(1, 'must not be empty').max(100)).min(1, 'must name at least one, or be "all"').max(20),
      ],
      'must be "all" or a list of environments',
    )
    .default('all'),
});

export const token = z.object({
  id: z.uuid(),
  name: z.string(),
  prefix: z.string(),
  owner: z.object({ id: z.uuid(), name: z.string() }),
  role,
  scope,
  expiresAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
  lastUsedAt: z.string().nullable(),
  createdAt: z.string(),
});
export type Token = z.infer<typeof token>;
export const tokenPage = pageOf(token);

export const createTokenInput = z.strictObject({
  name: personName,
  role,
  scope: scope.default({ access: 'write', services: 'all', environments: 'all' }),
  expiresAt: z.iso
    .datetime({ offset: true, error: 'must be a time such as 2027-01-31T00:00:00Z' })
    .nullable()
    .default(null),
});
export const createdToken = token.extend({
  secret: z.string().nullable().describe('Shown once; null when the request is replayed.'),
});
export type CreatedToken = z.infer<typeof createdToken>;

export const setUpInput = z.strictObject({
  token: z.string('must be the set-up token').min(1, 'must be the set-up token').max(200),
  name: personName,
  email,
  password,
});

export const me = z.object({
  kind: z.enum(['person', 'token']),
  id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  role,
  scope,
});
export type Me = z.infer<typeof me>;
