import { type Database, notify } from '#lib/db/index.ts';
import type { SetAside } from './rules/model.ts';
import type { RulesStatus } from './schemas.ts';

/** By id of an SLO: the ledger revision and the windows in ms that are made from recordings. */
export type RecordedWindows = Record<string, { revision: number; windowsMs: number[] }>;

/** The rule file as it was last written and seen. */
export interface StoredRules {
  hash: string | null;
  writtenAt: Date | null;
  loadedAt: Date | null;
  state: RulesStatus['state'];
  detail: string | null;
  /** Also those whose rules run, but cannot be evaluated. */
  setAside: (SetAside & { isRunning: boolean })[];
  recorded: RecordedWindows;
  checkedAt: Date | null;
}

/** What is known of the rule file; one row, always there. */
export async function readRules(database: Database): Promise<StoredRules> {
  const { id: _, ...row } = await database.sloRules.findUniqueOrThrow({ where: { id: 1 } });
  return row as unknown as StoredRules;
}

/** Writes down how the rule file is, and tells every browser where more changed than the time of the look. */
export async function saveRules(database: Database, before: StoredRules, after: StoredRules): Promise<void> {
  await database.sloRules.update({ where: { id: 1 }, data: after as never });
  const shown = ({ hash, state, detail, setAside, writtenAt, loadedAt }: StoredRules) =>
    JSON.stringify([hash, state, detail, setAside, writtenAt, loadedAt]);
  if (shown(before) !== shown(after)) {
    await notify(database, { topic: 'slos', id: 'rules', audience: 'everyone' });
  }
}

/** Changes with every definition that does, and with the set of them; cheap enough to ask every few seconds. */
export async function definitionsMark(database: Database): Promise<string> {
  const [row] = await database.$queryRaw<{ mark: string }[]>`
    select concat_ws(' ', count(*), sum(version), sum(revision), max(updated_at)) as mark
    from slo where archived_at is null`;
  return row?.mark ?? '';
}

/** Since when what each SLO measures now has been measured so: its ledger revision, by id. */
export async function measuredSince(database: Database): Promise<Map<string, Date>> {
  const rows = await database.$queryRaw<{ id: string; created_at: Date }[]>`
    select s.id, r.created_at from slo s
    join slo_revision r on r.slo_id = s.id and r.revision = s.ledger_revision
    where s.archived_at is null`;
  return new Map(rows.map(({ id, created_at }) => [id, created_at]));
}
