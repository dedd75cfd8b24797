import type { Context } from '#lib/core/context.ts';
import type { Verb } from '#lib/core/define-verb.ts';
import { AppError } from '#lib/core/errors.ts';
import { sha256 } from '#lib/core/hash.ts';
import { log } from '#lib/core/log.ts';
import { db } from '#lib/db/index.ts';
import { auditNobody } from '#lib/facts/index.ts';
import { beginWait, countAttempt, forgetFailures, throttledForSeconds, uncountAttempt } from './store.ts';

const freeForAccount = 5;
const freeForAddress = 30;

/**
 * Runs an attempt to prove who one is. After a few failures, by account and by address, the next one must wait:
 * a delay that doubles, never a lock-out. Throws `auth.throttled`; a 401 or 403 of the attempt counts as a failure.
 */
export async function attempt<T>(ctx: Context, verb: Verb, account: string, work: () => Promise<T>): Promise<T> {
  const byAccount = `account:${sha256(account)}`;
  const byAddress = `address:${ctx.address ?? 'unknown'}`;
  await take(ctx, verb, byAddress, freeForAddress);
  try {
    await take(ctx, verb, byAccount, freeForAccount);
  } catch (error) {
    await uncountAttempt(db(), byAddress);
    throw error;
  }
  let result: T;
  try {
    result = await work();
  } catch (error) {
    const failed = error instanceof AppError && (error.status === 401 || error.status === 403);
    await settle(failed, byAccount, byAddress);
    throw error;
  }
  await forgetFailures(db(), byAccount);
  await uncountAttempt(db(), byAddress);
  return result;
}

async function take(ctx: Context, verb: Verb, key: string, free: number): Promise<void> {
  if (await countAttempt(db(), key, free)) return;
  await auditNobody(ctx, verb, 'auth.throttled');
  const wait = await throttledForSeconds(db(), key);
  throw new AppError('auth.throttled', `Too many attempts. Try again in ${wait} s.`, { retryAfterSeconds: wait });
}

/** After an attempt that did not succeed: the wait begins now, or, where nothing was proven wrong, it does not count. */
async function settle(failed: boolean, byAccount: string, byAddress: string): Promise<void> {
  try {
    if (failed) {
      await beginWait(db(), byAccount, freeForAccount);
      await beginWait(db(), byAddress, freeForAddress);
    } else {
      await uncountAttempt(db(), byAccount);
      await uncountAttempt(db(), byAddress);
    }
  } catch (error) {
    log().warn({ err: error }, 'an attempt could not be settled'); // most likely why the attempt itself failed
  }
}
