import { listAlerts } from '#lib/alerts/index.ts';
import type { Alert, AlertList } from '#lib/alerts/schemas.ts';
import type { Context } from '#lib/core/context.ts';

const most = 20;

/** Alerts that a person has to know of, the worst first: at most twenty, and how many more there are. */
export interface HeldAlerts {
  items: Alert[];
  more: number;
  watchdog: AlertList['watchdog'];
}

/** What fires in an environment and what somebody has taken, and whether the Watchdog arrives. */
export async function seeAlerts(ctx: Context, environment: string): Promise<HeldAlerts> {
  const query = { env: environment, state: ['firing' as const, 'acknowledged' as const], limit: most };
  const { items, counts, watchdog } = await listAlerts({ ctx, query });
  const held = (counts.firing ?? 0) + (counts.acknowledged ?? 0);
  return { items, more: Math.max(0, held - items.length), watchdog };
}
