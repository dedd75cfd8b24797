import { AppError } from '#lib/core/errors.ts';
import { sha256 } from '#lib/core/hash.ts';
import { log } from '#lib/core/log.ts';
import { db } from '#lib/db/index.ts';
import { countAttempt, forgetFailures, throttledForSeconds, uncountAttempt } from './store.ts';

const freeForAccount = 5;
const freeForAddress = 30;

/**
 * Runs an attempt to prove who one is. After a few failures, by account and by address, the next one must wait:
 * a delay that doubles, never a lock-out. Throws `auth.throttled`; a 401 or 403 of the attempt counts as a failure.
 */
export async function attempt<T>(address: string | undefined, account: string, work: () => Promise<T>): Promise<T> {
  const byAccount = `account:${sha256(account)}`;
  const byAddress = `address:${address ?? 'unknown'}`;
  await take(byAddress, freeForAddress);
  try {
    await take(byAccount, freeForAccount);
  } catch (error) {
    await uncountAttempt(db(), byAddress);
    throw error;
  }
  let result: T;
  try {
    result = await work();
  } catch (error) {
    if (!(error instanceof AppError) || (error.status !== 401 && error.status !== 403)) {
      await giveBack(byAccount, byAddress);
    }
    throw error;
  }
  await forgetFailures(db(), byAccount);
  await uncountAttempt(db(), byAddress);
  return result;
}

async function take(key: string, free: number): Promise<void> {
  if (await countAttempt(db(), key, free)) return;
  const wait = await throttledForSeconds(db(), key);
  throw new AppError('auth.throttled', `Too many attempts. Try again in ${wait} s.`, { retryAfterSeconds: wait });
}

async function giveBack(...keys: string[]): Promise<void> {
  try {
    for (const key of keys) await uncountAttempt(db(), key);
  } catch (error) {
    log().warn({ err: error }, 'an attempt could not be taken back'); // most likely why the attempt itself failed
  }
}
