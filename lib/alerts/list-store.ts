import { type Actor, isSystem } from '#lib/core/actor.ts';
import { textTerms } from '#lib/core/text-terms.ts';
import { type Database, Prisma } from '#lib/db/index.ts';
import type { AlertPosition } from './list-cursor.ts';
import { type AlertSeverity, type AlertState, alertStates } from './schemas.ts';
import type { AlertRow } from './store.ts';

export interface AlertFilter {
  environment: string;
  service?: string;
  slo?: string;
  severity?: AlertSeverity;
  q?: string;
}

export type RankedAlert = AlertRow & { rank: number };

const stateRank = Prisma.sql`case when silenced_by <> '{}' then 2 when inhibited_by <> '{}' then 3
  when acknowledged_at is not null then 1 else 0 end`;
const severityRank = Prisma.sql`case severity when 'page' then 0 when 'ticket' then 1 else 2 end`;
/** What needs a person first; within a state, pages before tickets. */
const rank = Prisma.sql`(${stateRank}) * 3 + (${severityRank})`;
const order: readonly AlertState[] = ['firing', 'acknowledged', 'silenced', 'inhibited'];
/** Resolved ones come after all others, the newest first. */
export const resolvedRank = 12;

const countedDays = 7;

const escaped = (text: string) => text.replace(/[\\%_]/g, '\\$&');

/** A part of the search: `label=value` exactly, or text anywhere in name, summary and labels. */
function termCondition(term: string): Prisma.Sql {
  const text = Prisma.sql`name || ' ' || summary || ' ' || labels::text ilike ${`%${escaped(term)}%`}`;
  const [, label, value] = /^([a-zA-Z_][\w.]*)=(.+)$/su.exec(term) ?? [];
  return label === undefined ? Prisma.sql`(${text})` : Prisma.sql`(labels ->> ${label} = ${value} or ${text})`;
}

function conditions(actor: Actor, { environment, service, slo, severity, q }: AlertFilter): Prisma.Sql {
  const services = isSystem(actor) || !('scope' in actor) ? 'all' : actor.scope.services;
  return Prisma.join(
    [
      Prisma.sql`environment = ${environment}`,
      ...(service === undefined ? [] : [Prisma.sql`service = ${service}`]),
      ...(slo === undefined ? [] : [Prisma.sql`slo = ${slo}`]),
      ...(severity === undefined ? [] : [Prisma.sql`severity = ${severity}`]),
      ...(services === 'all' ? [] : [Prisma.sql`service = any(${services})`]),
      ...textTerms(q ?? '').map(termCondition),
    ],
    ' and ',
  );
}

/** A page of alerts, `limit + 1` rows at most: what fires first, pages before tickets, the newest first. */
export async function selectPage(
  database: Database,
  actor: Actor,
  filter: AlertFilter,
  { states, limit, after }: { states: readonly AlertState[]; limit: number; after: AlertPosition | null },
): Promise<RankedAlert[]> {
  const where = conditions(actor, filter);
  const live = states.flatMap((state) => (state === 'resolved' ? [] : [order.indexOf(state)]));
  const rows: RankedAlert[] = [];
  if (live.length > 0 && (!after || after.rank < resolvedRank)) {
    const beyond = after
      ? Prisma.sql`(rank > ${after.rank}::int
          or (rank = ${after.rank}::int and (starts_at, id) < (${after.at}::timestamptz, ${after.id}::uuid)))`
      : Prisma.sql`true`;
    rows.push(
      ...(await database.$queryRaw<RankedAlert[]>`
        select * from (select *, ${rank} as rank from alert where status = 'firing' and ${where}) ranked
        where rank / 3 = any(${live}::int[]) and ${beyond}
        order by rank, starts_at desc, id desc limit ${limit + 1}`),
    );
  }
  if (states.includes('resolved') && rows.length <= limit) {
    const beyond =
      after?.rank === resolvedRank
        ? Prisma.sql`(starts_at, id) < (${after.at}::timestamptz, ${after.id}::uuid)`
        : Prisma.sql`true`;
    rows.push(
      ...(await database.$queryRaw<RankedAlert[]>`
        select *, ${resolvedRank}::int as rank from alert
        where status = 'resolved' and ${where} and ${beyond}
        order by starts_at desc, id desc limit ${limit + 1 - rows.length}`),
    );
  }
  return rows;
}

/** How many there are in each state; of resolved ones those that began in the last seven days. */
export async function countByState(
  database: Database,
  actor: Actor,
  filter: AlertFilter,
  now: Date,
): Promise<Record<AlertState, number>> {
  const where = conditions(actor, filter);
  const since = new Date(now.getTime() - countedDays * 86_400_000);
  const rows = await database.$queryRaw<{ state: number; count: number }[]>`
    select ${stateRank} as state, count(*)::int as count from alert where status = 'firing' and ${where} group by 1
    union all
    select 4, count(*)::int from alert where status = 'resolved' and starts_at > ${since} and ${where}`;
  const counts = Object.fromEntries(alertStates.map((state) => [state, 0])) as Record<AlertState, number>;
  for (const { state, count } of rows) counts[order[state] ?? 'resolved'] = count;
  return counts;
}
