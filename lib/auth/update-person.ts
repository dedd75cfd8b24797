import type { Call } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import { perform } from '#lib/facts/index.ts';
import { hashPassword } from './password.ts';
import { type Person, updatePersonInput } from './schemas.ts';
import { lockActiveAdmins, selectPerson, updatePersonRow } from './store.ts';
import * as verbs from './verbs.ts';
import { personView } from './views.ts';

/**
 * Changes a person's name, role or password, disables or enables them. Any of the last three ends their sessions
 * at once. With `version`, fails with `auth.stale` if somebody was faster; the last admin stays one.
 */
export async function updatePerson({ ctx, input }: Call): Promise<Person> {
  return perform(ctx, verbs.updatePerson, input, { schema: updatePersonInput }, async ({ tx, input, now, record }) => {
    const { id, version, name, role, password, disabled } = input;
    const admins = await lockActiveAdmins(tx);
    const before = await selectPerson(tx, id);
    if (!before) throw new AppError('request.not_found', 'There is no person with this id.');
    const leaves = disabled === true || (role !== undefined && role !== 'admin');
    if (leaves && admins.length === 1 && admins[0] === id) {
      throw new AppError('auth.last_admin', 'Make somebody else an admin first.');
    }
    const after = await updatePersonRow(tx, id, version, {
      ...(name !== undefined && { name }),
      ...(role !== undefined && { role }),
      ...(password !== undefined && { passwordHash: await hashPassword(password) }),
      ...(disabled !== undefined && { disabledAt: disabled ? (before.disabledAt ?? now) : null }),
      endSessions: password !== undefined || disabled === true || (role !== undefined && role !== before.role),
    });
    if (!after) {
      throw new AppError('auth.stale', `${before.name} was changed since you looked (version ${before.version} now).`);
    }
    record.audit(
      { kind: 'person', id },
      { email: after.email, ...changes(before, after), passwordSet: password !== undefined },
    );
    await record.changed('people', id, 'role:admin');
    await record.changed('me', id, `person:${id}`);
    return personView(after);
  });
}

type Compared = Record<'name' | 'role' | 'disabledAt', unknown>;

function changes(before: Compared, after: Compared): Record<string, { from: unknown; to: unknown }> {
  const fields = ['name', 'role', 'disabledAt'] as const;
  return Object.fromEntries(
    fields
      .filter((field) => String(before[field]) !== String(after[field]))
      .map((field) => [field, { from: before[field], to: after[field] }]),
  );
}
