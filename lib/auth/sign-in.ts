import type { Context } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import { db } from '#lib/db/index.ts';
import { appendAudit } from '#lib/facts/index.ts';
import { checkPassword } from './password.ts';
import { selectPersonByEmail, touchPerson } from './store.ts';
import { attempt } from './throttle.ts';
import * as verbs from './verbs.ts';

const longestPassword = 200;
/** What Postgres would refuse to look for. */
const unstorable = /[\p{Cc}\p{Cs}]/u;

export interface SignedIn {
  id: string;
  name: string;
  email: string;
  sessionVersion: number;
}

/**
 * Checks an email and a password. An unknown person, a disabled one and a wrong password give the same answer in
 * the same time. Throws `auth.credentials_wrong` or `auth.throttled`; both ways are audited.
 */
export async function signIn(ctx: Context, email: string, password: string): Promise<SignedIn> {
  const address = email.trim().toLowerCase().slice(0, 200);
  return attempt(ctx, verbs.signIn, address, async () => {
    const found = unstorable.test(address) ? null : await selectPersonByEmail(db(), address);
    const person = found && !found.disabledAt ? found : null;
    const hash = password.length <= longestPassword ? person?.passwordHash : null;
    const right = await checkPassword(password.slice(0, longestPassword), hash ?? null);
    const audit = { verb: verbs.signIn.id, requestId: ctx.requestId, address: ctx.address };
    if (!right || !person) {
      await appendAudit(db(), {
        ...audit,
        actor: { kind: 'setup', id: 'nobody', name: 'Nobody signed in' },
        outcome: 'refused',
        code: 'auth.credentials_wrong',
        subject: { kind: 'person', id: found?.id ?? 'unknown' },
        audience: 'role:admin',
      });
      throw new AppError('auth.credentials_wrong', 'Check both and try again.');
    }
    await touchPerson(db(), person.id);
    await appendAudit(db(), {
      ...audit,
      actor: { kind: 'person', id: person.id, name: person.name },
      outcome: 'done',
      subject: { kind: 'person', id: person.id },
    });
    const { id, name, sessionVersion } = person;
    return { id, name, email: person.email, sessionVersion };
  });
}
