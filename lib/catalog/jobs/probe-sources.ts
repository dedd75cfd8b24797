import type { JobContext } from '#lib/core/define-job.ts';
import { db, notify } from '#lib/db/index.ts';
import { probeSource } from '../probe-source.ts';
import { sourceProbes } from '../source-list.ts';
import { keepHealth } from '../source-store.ts';

/** Asks every configured source how it is, so that all viewers know without each asking. */
export default async function run({ signal, log }: JobContext): Promise<void> {
  const configured = sourceProbes().filter(({ ask }) => ask !== null);
  const outcomes = await Promise.all(configured.map((probe) => probeSource(probe, signal)));
  for (const outcome of outcomes) {
    const turned = await keepHealth(db(), outcome);
    if (!turned) continue;
    log.warn(
      { source: outcome.id, ok: outcome.ok, error: outcome.error },
      outcome.ok ? 'source is back' : 'source is down',
    );
    await notify(db(), { topic: 'sources', id: outcome.id, audience: 'everyone' });
  }
}
