import type { Call } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import { isUniqueViolation } from '#lib/db/index.ts';
import { perform } from '#lib/facts/index.ts';
import { hashPassword } from './password.ts';
import { createPersonInput, type Person } from './schemas.ts';
import { insertPerson, selectPersonByEmail } from './store.ts';
import * as verbs from './verbs.ts';
import { personView } from './views.ts';

/** Adds a person who can sign in with the password; `auth.email_taken` when the email is known. */
export async function createPerson({ ctx, input }: Call): Promise<Person> {
  return perform(ctx, verbs.createPerson, input, { schema: createPersonInput }, async ({ tx, input, record }) => {
    const { password, ...rest } = input;
    if (await selectPersonByEmail(tx, input.email)) throw emailTaken(input.email);
    try {
      const row = await insertPerson(tx, { ...rest, passwordHash: await hashPassword(password) });
      record.audit({ kind: 'person', id: row.id }, { email: row.email, role: row.role });
      await record.changed('people', row.id, 'role:admin');
      return personView(row);
    } catch (error) {
      if (isUniqueViolation(error)) throw emailTaken(input.email);
      throw error;
    }
  });
}

export function emailTaken(email: string): AppError {
  const message = 'belongs to another person';
  return new AppError('auth.email_taken', `${email} ${message}.`, {
    errors: [{ path: 'email', code: 'taken', message }],
  });
}
