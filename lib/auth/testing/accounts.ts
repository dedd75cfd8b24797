import { randomBytes, scryptSync } from 'node:crypto';
import { type Actor, fullScope, type Role, type Scope } from '#lib/core/actor.ts';
import { type Context, contextFor } from '#lib/core/context.ts';
import { sha256 } from '#lib/core/hash.ts';
import { newId, newSecret } from '#lib/core/ids.ts';
import { db } from '#lib/db/index.ts';

/** A password's hash of little cost: what is stored says itself how it is checked. */
export function cheapHash(password: string): string {
  const salt = randomBytes(16);
  const key = scryptSync(password, salt, 32, { N: 1024, r: 8, p: 1 });
  return ['scrypt', 1024, 8, 1, salt.toString('base64url'), key.toString('base64url')].join('$');
}

export interface TestPerson {
  id: string;
  email: string;
  actor: Extract<Actor, { kind: 'person' }>;
  /** What a verb is called with when this person does. */
  ctx(): Context;
}

/** A person of a role in the test database, who cannot sign in by a password. */
export async function makePerson(
  role: Role,
  more: { passwordHash?: string; disabledAt?: Date } = {},
): Promise<TestPerson> {
  const id = newId();
  const email = `${id}@example.com`;
  await db().person.create({ data: { id, email, name: `A ${role}`, role, ...more } });
  const actor = { kind: 'person' as const, id, name: `A ${role}`, role, scope: fullScope };
  return { id, email, actor, ctx: () => contextFor(actor) };
}

export interface TestToken {
  id: string;
  secret: string;
  bearer: { authorization: string };
}

/** A token in the test database, by default one of a new person of the same role. */
export async function makeToken(
  role: Role,
  more: { ownerId?: string; scope?: Partial<Scope>; expiresAt?: Date; revokedAt?: Date } = {},
): Promise<TestToken> {
  const { ownerId = (await makePerson(role)).id, scope, ...rest } = more;
  const [id, secret] = [newId(), `qd_${newSecret()}`];
  await db().apiToken.create({
    data: {
      id,
      ownerId,
      name: 'A token of tests',
      tokenHash: sha256(secret),
      prefix: secret.slice(0, 8),
      role,
      scope: { ...fullScope, ...scope },
      ...rest,
    },
  });
  return { id, secret, bearer: { authorization: `Bearer ${secret}` } };
}
