import { AppError } from '#lib/core/errors.ts';
import { sha256 } from '#lib/core/hash.ts';
import { db } from '#lib/db/index.ts';
import { countFailure, forgetFailures, throttledForSeconds } from './store.ts';

const freeForAccount = 5;
const freeForAddress = 30;

/**
 * Runs an attempt to prove who one is. After a few failures, by account and by address, the next one must wait:
 * a delay that doubles, never a lock-out. Throws `auth.throttled`; a 401 or 403 of the attempt counts as a failure.
 */
export async function attempt<T>(address: string | undefined, account: string, work: () => Promise<T>): Promise<T> {
  const byAccount = `account:${sha256(account)}`;
  const byAddress = `address:${address ?? 'unknown'}`;
  const wait = await throttledForSeconds(db(), [byAccount, byAddress]);
  if (wait > 0) {
    throw new AppError('auth.throttled', `Too many attempts. Try again in ${wait} s.`, { retryAfterSeconds: wait });
  }
  try {
    const result = await work();
    await forgetFailures(db(), byAccount);
    return result;
  } catch (error) {
    if (error instanceof AppError && (error.status === 401 || error.status === 403)) {
      await countFailure(db(), byAccount, freeForAccount);
      await countFailure(db(), byAddress, freeForAddress);
    }
    throw error;
  }
}
