import type * as z from 'zod';
import { catalog } from '#lib/catalog/index.ts';
import { inScope } from '#lib/core/actor.ts';
import { type Context, requireActor } from '#lib/core/context.ts';
import { once } from '#lib/core/registry.ts';
import { textTerms } from '#lib/core/text-terms.ts';
import { type KeptSlos, keptSlos } from './kept-slos.ts';
import { type LiveBurn, liveBurn } from './live-burn.ts';
import { type SloList, type SloState, type SloSummary, type sloListQuery, sloStates } from './schemas.ts';
import { fileProblems } from './slo-folder.ts';
import { byTimeToExhaustion } from './state-rules.ts';
import { summarise } from './summarise.ts';

/** Rows of one environment as they are at one moment. */
export interface SloRows {
  items: readonly SloSummary[];
  kept: KeptSlos;
  live: LiveBurn;
}

interface Held extends SloRows {
  madeAtMs: number;
}

/** Rows that nothing changed in are made again after this, as the time to exhaustion moves. */
const holdsMs = 2_000;

/**
 * Every SLO of an environment by time to exhaustion, the worst first; shared by all viewers. One upstream query and one
 * small statement; while the metrics source is away rows come from the ledger alone, and `live.error` says why.
 */
export async function sloRows(environment: string): Promise<SloRows> {
  const kept = await keptSlos(environment);
  const live = kept.slos.length > 0 ? await liveBurn(environment) : nothingLive();
  const all = once('slo.rows', () => new Map<string, Held>());
  const held = all.get(environment);
  const nowMs = Date.now();
  const isSame = held?.kept === kept && held.live.slos === live.slos && held.live.error === live.error;
  if (isSame && nowMs - held.madeAtMs < holdsMs) return held;
  const surroundings = { live, steps: kept.steps, entries: catalog().entries, nowMs };
  const items = kept.slos.map((slo) => summarise(slo, surroundings)).sort(byTimeToExhaustion);
  const made = { items, kept, live, madeAtMs: nowMs };
  all.set(environment, made);
  return made;
}

const nothingLive = (): LiveBurn => ({ asOfMs: Date.now(), error: null, slos: new Map() });

type Query = Omit<z.infer<typeof sloListQuery>, 'env'>;

/** The SLOs of an environment that an actor reaches, filtered; `counts` are of all of them by state. */
export async function listSlos(ctx: Context, environment: string, query: Query): Promise<SloList> {
  const actor = requireActor(ctx);
  const { items, live } = await sloRows(environment);
  const reached = items.filter(({ service }) => inScope(actor, environment, service));
  const isWhole = !('scope' in actor) || actor.scope.services === 'all';
  return {
    items: reached.filter(filterOf(query)),
    nextCursor: null,
    asOf: new Date(live.asOfMs).toISOString(),
    counts: countStates(reached),
    fileProblems: isWhole ? fileProblems() : [],
    liveError: live.error,
  };
}

export function countStates(items: readonly { state: SloState }[]): Record<string, number> {
  const counts: Record<string, number> = Object.fromEntries(sloStates.map((state) => [state, 0]));
  for (const { state } of items) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

/** Whether a row fits every filter; each word of `q` must be in its name, service or owner. */
export function filterOf({ service, owner, tier, state, q }: Query): (row: SloSummary) => boolean {
  const terms = textTerms(q ?? '').map((term) => term.toLowerCase());
  return (row) => {
    if (service !== undefined && row.service !== service) return false;
    if (owner !== undefined && row.owner !== owner) return false;
    if (tier !== undefined && row.tier !== tier) return false;
    if (state !== undefined && row.state !== state) return false;
    const text = [row.name, row.displayName, row.service, row.owner ?? ''].join('\n').toLowerCase();
    return terms.every((term) => text.includes(term));
  };
}

/** The worst SLO of each service of an environment: what is left of its budget, and its state. */
export async function budgetLeftByService(
  environment: string,
): Promise<Map<string, { slo: string; left: number | null; state: SloState }>> {
  const { items } = await sloRows(environment);
  const worst = new Map<string, { slo: string; left: number | null; state: SloState }>();
  for (const { service, name, figures, state } of items) {
    const found = { slo: name, left: figures?.budgetLeft ?? null, state };
    const known = worst.get(service);
    if (!known || (found.left ?? 2) < (known.left ?? 2)) worst.set(service, found);
  }
  return worst;
}
