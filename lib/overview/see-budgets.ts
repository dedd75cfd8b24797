import { type Actor, inScope } from '#lib/core/actor.ts';
import { log } from '#lib/core/log.ts';
import { countStates, sloRows } from '#lib/slo/index.ts';
import type { SloSummary } from '#lib/slo/schemas.ts';

const mostRows = 8;

export interface Budgets {
  /** The first of them by time to exhaustion. */
  items: SloSummary[];
  total: number;
  /** By state, of all. */
  counts: Record<string, number>;
  /** Why burn rates of this moment are not in them. */
  liveError: string | null;
  /** Why there are none at all. */
  error: string | null;
}

/**
 * Error budgets of an environment that an actor reaches. One upstream query, which the list of SLOs shares. Never
 * throws: the overview is there without them, and says why.
 */
export async function seeBudgets(actor: Actor, environment: string): Promise<Budgets> {
  try {
    const { items, live } = await sloRows(environment);
    const reached = items.filter(({ service }) => inScope(actor, environment, service));
    return {
      items: reached.slice(0, mostRows),
      total: reached.length,
      counts: countStates(reached),
      liveError: live.error,
      error: null,
    };
  } catch (error) {
    log().error({ err: error, environment }, 'budgets of the overview could not be had');
    return { items: [], total: 0, counts: {}, liveError: null, error: 'Error budgets could not be read.' };
  }
}
