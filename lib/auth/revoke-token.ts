import * as z from 'zod';
import type { Call } from '#lib/core/context.ts';
import { AppError } from '#lib/core/errors.ts';
import { perform } from '#lib/facts/index.ts';
import type { Token } from './schemas.ts';
import { revokeTokenRow } from './store.ts';
import * as verbs from './verbs.ts';
import { tokenView } from './views.ts';

const schema = z.strictObject({ id: z.uuid('must be an id') });

/** Ends a token at once; doing so again changes nothing. */
export async function revokeToken({ ctx, input }: Call): Promise<Token> {
  return perform(ctx, verbs.revokeToken, input, { schema }, async ({ tx, input, now, record }) => {
    const row = await revokeTokenRow(tx, input.id, now);
    if (!row) throw new AppError('request.not_found', 'There is no token with this id.');
    record.audit({ kind: 'token', id: row.id }, { name: row.name });
    await record.changed('tokens', row.id, 'role:admin');
    return tokenView(row);
  });
}
