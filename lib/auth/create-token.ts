import { personOf, roleAtLeast } from '#lib/core/actor.ts';
import type { Call } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import { sha256 } from '#lib/core/hash.ts';
import { newSecret } from '#lib/core/ids.ts';
import { perform } from '#lib/facts/index.ts';
import { type CreatedToken, createTokenInput } from './schemas.ts';
import { insertToken } from './store.ts';
import * as verbs from './verbs.ts';
import { tokenView } from './views.ts';

export const tokenPrefix = 'qd_';

/** Creates a token of the person who asks, with at most their role. The secret is in this answer only. */
export async function createToken({ ctx, input }: Call): Promise<CreatedToken> {
  return perform(
    ctx,
    verbs.createToken,
    input,
    { schema: createTokenInput, replay: (created) => ({ ...created, secret: null }) },
    async ({ tx, actor, input, now, record }) => {
      const ownerId = personOf(actor);
      if (!ownerId || actor.kind !== 'person') throw new AppError('auth.token_cannot', 'Tokens cannot make tokens.');
      if (!roleAtLeast(actor.role, input.role)) {
        throw new AppError('auth.role_too_low', `A token of yours can be at most ${actor.role}.`);
      }
      const expiresAt = input.expiresAt ? new Date(input.expiresAt) : null;
      if (expiresAt && expiresAt <= now) {
        const message = 'must be in the future';
        throw new AppError('request.invalid', `expiresAt: ${message}`, {
          errors: [{ path: 'expiresAt', code: 'past', message }],
        });
      }
      const secret = `${tokenPrefix}${newSecret()}`;
      const { name, role, scope } = input;
      const prefix = secret.slice(0, 8);
      const row = await insertToken(tx, { ownerId, name, role, scope, expiresAt, prefix, tokenHash: sha256(secret) });
      record.audit({ kind: 'token', id: row.id }, { name, role, scope, expiresAt });
      await record.changed('tokens', row.id, 'role:admin');
      return { ...tokenView(row), secret };
    },
  );
}
