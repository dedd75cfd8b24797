import { config } from '#lib/core/config.ts';
import type { Call } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import { sameSecret, sha256 } from '#lib/core/hash.ts';
import { newSecret } from '#lib/core/ids.ts';
import { db } from '#lib/db/index.ts';
import { perform } from '#lib/facts/index.ts';
import { hashPassword } from './password.ts';
import { type Person, setUpInput } from './schemas.ts';
import { insertPerson, lockInstall, selectInstall, updateInstall } from './store.ts';
import { attempt } from './throttle.ts';
import * as verbs from './verbs.ts';
import { personView } from './views.ts';

/** Whether this install still waits for its first admin. */
export async function needsSetUp(): Promise<boolean> {
  return (await selectInstall(db())).setUpAt === null;
}

/** Makes a new one-time token where none is configured; returns it for the log, or null when none is needed. */
export async function issueSetUpToken(): Promise<string | null> {
  if (config().QD_SETUP_TOKEN || !(await needsSetUp())) return null;
  const token = newSecret(18);
  await updateInstall(db(), { setupTokenHash: sha256(token) });
  return token;
}

/** Makes the first admin. Needs the one-time token; afterwards there is nothing here (404). */
export async function setUp({ ctx, input }: Call): Promise<Person> {
  if (!(await needsSetUp())) throw done();
  return attempt(ctx, verbs.setUp, 'set-up', () =>
    perform(ctx, verbs.setUp, input, { schema: setUpInput }, async ({ tx, input, now, record }) => {
      const install = await lockInstall(tx);
      if (install.setUpAt) throw done();
      requireSetUpToken(input.token, install.setupTokenHash);
      const { name, email } = input;
      const passwordHash = await hashPassword(input.password);
      const row = await insertPerson(tx, { name, email, role: 'admin', passwordHash });
      await updateInstall(tx, { setUpAt: now, setupTokenHash: null });
      record.audit({ kind: 'person', id: row.id }, { email, role: 'admin', firstRun: true });
      return personView(row);
    }),
  );
}

const done = () => new AppError('request.not_found', 'Quarterdeck is set up already.');

function requireSetUpToken(given: string, storedHash: string | null): void {
  const configured = config().QD_SETUP_TOKEN;
  const right = configured
    ? sameSecret(given, configured)
    : storedHash !== null && sameSecret(sha256(given), storedHash);
  if (right) return;
  throw new AppError('auth.setup_token_wrong', 'It is QD_SETUP_TOKEN, or the one printed in the log at start.', {
    errors: [{ path: 'token', code: 'wrong', message: 'is not the set-up token' }],
  });
}
