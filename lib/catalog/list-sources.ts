import * as z from 'zod';
import { prometheusSources } from '#lib/adapters/prometheus/index.ts';
import { config } from '#lib/core/config.ts';
import type { Context } from '#lib/core/context.ts';
import { db, isUnavailable } from '#lib/db/index.ts';
import { authorize } from '#lib/facts/index.ts';
import { checkEveryMs } from './source-jobs.ts';
import { type Probe, sourceProbes } from './source-list.ts';
import { type Part, part, type Source, type SourceList } from './source-schemas.ts';
import { type HealthRow, selectHealth } from './source-store.ts';
import * as verbs from './source-verbs.ts';

const lateAfterMs = 3 * checkEveryMs;

/** Every source and how it is, from the worker's checks and from what this process has met itself. */
export async function sourceStates({ ctx }: { ctx: Context }): Promise<Source[]> {
  await authorize(ctx, verbs.listSources);
  const health = await readHealth();
  const now = ctx.clock.now();
  return sourceProbes().map((probe) => view(probe, health.rows.get(probe.id), health.error, now));
}

/** The same, with the parts of the one-machine stack where one runs this console. */
export async function listSources({ ctx }: { ctx: Context }): Promise<SourceList> {
  const [items, stack] = await Promise.all([sourceStates({ ctx }), readParts()]);
  return { items, ...stack, checkEveryMs };
}

async function readHealth(): Promise<{ rows: Map<string, HealthRow>; error: string | null }> {
  try {
    return { rows: new Map((await selectHealth(db())).map((row) => [row.id, row])), error: null };
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    return { rows: new Map(), error: 'Postgres does not answer this console.' };
  }
}

function view(probe: Probe, row: HealthRow | undefined, databaseError: string | null, now: Date): Source {
  const { ask, ...shown } = probe;
  const own = prometheusSources()
    .find(({ source }) => source.id === probe.id)
    ?.health();
  const okAt = Math.max(row?.okAt?.getTime() ?? 0, own?.lastSuccessAtMs ?? 0);
  const failing = own?.state === 'failing' ? own.failingSinceMs : null;
  const failingSince = row?.failingSince?.getTime() ?? failing;
  const down = probe.id === 'postgres' && databaseError;
  const base = {
    ...shown,
    version: row?.version ?? own?.version ?? null,
    latencyMs: row?.latencyMs ?? own?.latencyMs ?? null,
    checkedAt: row?.checkedAt.toISOString() ?? null,
    lastSuccessAt: okAt ? new Date(okAt).toISOString() : null,
    failingSince: failingSince ? new Date(failingSince).toISOString() : null,
    lastError: down || row?.error || (own?.state === 'failing' ? own.lastError : null),
  };
  if (!ask) return { ...base, state: 'absent', lastError: null };
  if (down) return { ...base, state: 'failing' };
  if (failingSince && okAt <= failingSince) return { ...base, state: 'failing' };
  const age = now.getTime() - Math.max(okAt, row?.checkedAt.getTime() ?? 0);
  if (okAt === 0) return { ...base, state: 'unknown' };
  return { ...base, state: age > lateAfterMs ? 'late' : 'ok', failingSince: null, lastError: null };
}

const partsAnswer = z.object({ items: z.array(part), stale: z.boolean() });

interface Stack {
  parts: Part[];
  partsError: string | null;
}

async function readParts(): Promise<Stack> {
  const { SUPERVISOR_URL, SUPERVISOR_TOKEN, QD_DEMO } = config();
  if (!SUPERVISOR_URL || !QD_DEMO) return { parts: [], partsError: null };
  try {
    const response = await fetch(new URL('/v1/parts', SUPERVISOR_URL), {
      headers: { authorization: `Bearer ${SUPERVISOR_TOKEN ?? ''}` },
      signal: AbortSignal.timeout(2_000),
    });
    if (!response.ok) throw new Error(`it answered ${response.status}`);
    const told = partsAnswer.parse(await response.json());
    const partsError = told.stale ? 'The stack has not told for a while how its parts are.' : null;
    return { parts: told.items, partsError };
  } catch (error) {
    return { parts: [], partsError: `The supervisor does not tell: ${(error as Error).message}` };
  }
}
