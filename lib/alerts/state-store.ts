import type { Member } from '#lib/adapters/alertmanager/index.ts';
import type { Database, Transaction } from '#lib/db/index.ts';

/** How Alertmanager is, and when the Watchdog was last seen. */
export interface AlertmanagerState {
  watchdog_seen_at: Date | null;
  reconciled_at: Date | null;
  counted_at: Date | null;
  wanted_at: Date | null;
  failing_since: Date | null;
  detail: string | null;
  members: Member[];
}

const unknown: AlertmanagerState = {
  watchdog_seen_at: null,
  reconciled_at: null,
  counted_at: null,
  wanted_at: null,
  failing_since: null,
  detail: null,
  members: [],
};

export async function selectState(database: Database | Transaction): Promise<AlertmanagerState> {
  const rows = await database.$queryRaw<AlertmanagerState[]>`select * from alertmanager_state where id = 1`;
  return rows[0] ?? unknown;
}

/** Asks for Alertmanager's own list out of turn. */
export async function wantList(database: Database | Transaction): Promise<void> {
  await database.$executeRaw`update alertmanager_state set wanted_at = clock_timestamp() where id = 1`;
}

const finestMs = 5_000;

/** Keeps that the Watchdog was seen; a sighting hardly newer than the last changes nothing. */
export async function seeWatchdog(database: Database | Transaction, at: Date): Promise<void> {
  await database.$executeRaw`
    update alertmanager_state set watchdog_seen_at = ${at}
    where id = 1 and (watchdog_seen_at is null or watchdog_seen_at < ${new Date(at.getTime() - finestMs)})`;
}

/** Whether absences may be counted now: once in `everyMs`, by whoever asks first. */
export async function claimCounting(database: Database | Transaction, everyMs: number): Promise<boolean> {
  const claimed = await database.$executeRaw`
    update alertmanager_state set counted_at = clock_timestamp()
    where id = 1 and (counted_at is null
                      or counted_at <= clock_timestamp() - ${everyMs}::int * interval '1 millisecond')`;
  return claimed === 1;
}

/** It answered with its list at `at`. */
export async function keepAnswered(tx: Transaction, at: Date, members: readonly Member[]): Promise<void> {
  await tx.$executeRaw`
    update alertmanager_state
    set reconciled_at = greatest(reconciled_at, ${at}::timestamptz), failing_since = null, detail = null,
        members = ${JSON.stringify(members)}::jsonb
    where id = 1`;
}

/** It did not answer at `at`; whether that is news. */
export async function keepFailing(
  tx: Transaction,
  at: Date,
  detail: string,
  members: readonly Member[],
): Promise<boolean> {
  const [before] = await tx.$queryRaw<{ failing_since: Date | null }[]>`
    select failing_since from alertmanager_state where id = 1 for update`;
  await tx.$executeRaw`
    update alertmanager_state
    set failing_since = coalesce(failing_since, ${at}::timestamptz), detail = ${detail},
        members = ${JSON.stringify(members)}::jsonb
    where id = 1`;
  return before?.failing_since === null;
}
