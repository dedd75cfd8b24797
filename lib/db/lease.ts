import { AppError } from '#lib/core/errors.ts';
import type { Database, Transaction } from './client.ts';

/** Proof of holding: effects under a lease carry `token`, and whoever has seen a higher one refuses them. */
export interface Held {
  name: string;
  holder: string;
  token: bigint;
  expiresAt: Date;
}

export interface Holder {
  holder: string;
  reason: string;
  acquiredAt: Date;
  expiresAt: Date;
}

type Row = { name: string; holder: string; token: bigint; expires_at: Date };

/**
 * Takes a lease that is free or expired, or that `holder` has already; null when another holds it.
 * Every change of hands raises the token. Times are Postgres's, so that clocks need not agree.
 */
export async function acquireLease(
  database: Database | Transaction,
  { name, holder, ttlMs, reason = '' }: { name: string; holder: string; ttlMs: number; reason?: string },
): Promise<Held | null> {
  const rows = await database.$queryRaw<Row[]>`
    insert into lease as l (name, holder, token, reason, acquired_at, expires_at)
    values (${name}, ${holder}, 1, ${reason}, now(), clock_timestamp() + ${ttlMs} * interval '1 millisecond')
    on conflict (name) do update
      set holder = excluded.holder,
          reason = excluded.reason,
          token = l.token + case when l.holder = excluded.holder and l.expires_at > clock_timestamp() then 0 else 1 end,
          acquired_at = case when l.holder = excluded.holder and l.expires_at > clock_timestamp() then l.acquired_at else now() end,
          expires_at = excluded.expires_at
      where l.holder = excluded.holder or l.expires_at <= clock_timestamp()
    returning name, holder, token, expires_at`;
  const row = rows[0];
  return row ? { name: row.name, holder: row.holder, token: row.token, expiresAt: row.expires_at } : null;
}

/** Prolongs a lease that is still ours; false when it was lost. */
export async function renewLease(database: Database | Transaction, held: Held, ttlMs: number): Promise<boolean> {
  const changed = await database.$executeRaw`
    update lease set expires_at = clock_timestamp() + ${ttlMs} * interval '1 millisecond'
    where name = ${held.name} and holder = ${held.holder} and token = ${held.token} and expires_at > clock_timestamp()`;
  return changed === 1;
}

/** Gives a lease back; the row stays, because the token must go on rising. */
export async function releaseLease(database: Database | Transaction, held: Held): Promise<void> {
  await database.$executeRaw`
    update lease set expires_at = clock_timestamp()
    where name = ${held.name} and holder = ${held.holder} and token = ${held.token}`;
}

/** Who holds a lease now, or null. */
export async function leaseHolder(database: Database | Transaction, name: string): Promise<Holder | null> {
  const rows = await database.$queryRaw<{ holder: string; reason: string; acquired_at: Date; expires_at: Date }[]>`
    select holder, reason, acquired_at, expires_at from lease where name = ${name} and expires_at > clock_timestamp()`;
  const row = rows[0];
  return row
    ? { holder: row.holder, reason: row.reason, acquiredAt: row.acquired_at, expiresAt: row.expires_at }
    : null;
}

/** The name of the lock on a target: one space for all kinds of operation. */
export function lockName(environment: string, service: string): string {
  return `lock:${environment}/${service}`;
}

/** Takes the lock on a target or throws `lock.held`, saying who holds it and why. */
export async function acquireLock(
  database: Database | Transaction,
  target: { environment: string; service: string },
  { holder, ttlMs, reason }: { holder: string; ttlMs: number; reason: string },
): Promise<Held> {
  const name = lockName(target.environment, target.service);
  const held = await acquireLease(database, { name, holder, ttlMs, reason });
  if (held) return held;
  const other = await leaseHolder(database, name);
  const since = other ? ` since ${other.acquiredAt.toISOString()} (${other.reason})` : '';
  throw new AppError('lock.held', `${target.service} is locked by ${other?.holder ?? 'another operation'}${since}.`, {
    retryAfterSeconds: 5,
  });
}
