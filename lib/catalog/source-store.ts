import type { Database } from '#lib/db/index.ts';
import type { SourceTest } from './source-schemas.ts';

export interface HealthRow {
  id: string;
  checkedAt: Date;
  okAt: Date | null;
  failingSince: Date | null;
  error: string | null;
  latencyMs: number | null;
  version: string | null;
}

export const selectHealth = (database: Database): Promise<HealthRow[]> => database.sourceHealth.findMany();

/** Keeps the outcome of a check; true when the engine went down or came back by it. */
export async function keepHealth(
  database: Database,
  { id, ok, error, latencyMs, version }: SourceTest,
): Promise<boolean> {
  const before = await database.sourceHealth.findUnique({ where: { id } });
  const now = new Date();
  const seen = { checkedAt: now, error, latencyMs };
  const found = ok
    ? { ...seen, okAt: now, failingSince: null, version: version ?? before?.version ?? null }
    : { ...seen, failingSince: before?.failingSince ?? now };
  await database.sourceHealth.upsert({ where: { id }, create: { id, ...found }, update: found });
  return (before?.failingSince ?? null) === null ? !ok : ok;
}
