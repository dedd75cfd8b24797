import { isPrometheusError, prometheusSources } from '#lib/adapters/prometheus/index.ts';
import { config } from '#lib/core/config.ts';
import type { JobContext } from '#lib/core/define-job.ts';
import { once } from '#lib/core/registry.ts';
import { db } from '#lib/db/index.ts';
import { findRecordedWindows } from '../recorded-windows.ts';
import { ruleOptions } from '../rule-options.ts';
import { definitionsMark, measuredSince, type RecordedWindows, readRules, saveRules } from '../rule-store.ts';
import { bringRules } from '../rule-writer.ts';
import { type StoredSlo, selectSlos } from '../store.ts';

/** Besides when a definition changes: the catalogue may have, or what Prometheus runs. */
const lookEveryMs = 30_000;
const agesEveryMs = 5 * 60_000;
/** What Prometheus refused may have been refused for something else that is mended since. */
const retryRefusedMs = 5 * 60_000;

interface Memory {
  mark: string | null;
  lookedMs: number;
  agesMs: number;
  refused: { hash: string; atMs: number } | null;
}

/** Writes the rule file when an SLO changed, and looks whether Prometheus runs it. */
export default async function run({ signal, log, now }: JobContext): Promise<void> {
  const memory = once('slo.rule-file', (): Memory => ({ mark: null, lookedMs: 0, agesMs: 0, refused: null }));
  const nowMs = now.getTime();
  const mark = await definitionsMark(db());
  if (mark === memory.mark && nowMs - memory.lookedMs < lookEveryMs) return;

  const [slos, before] = await Promise.all([selectSlos(db()), readRules(db())]);
  const areAgesDue = mark !== memory.mark || nowMs - memory.agesMs >= agesEveryMs;
  const recorded = areAgesDue ? await recordedNow(slos, before.recorded, now, signal) : before.recorded;
  const known = memory.refused;
  const refusedHash = known && nowMs - known.atMs < retryRefusedMs ? known.hash : null;
  const after = await bringRules({
    slos,
    options: ruleOptions(recorded),
    folder: config().RULES_DIR,
    before: { ...before, recorded },
    refusedHash,
    now,
    signal,
  });
  await saveRules(db(), before, after);
  memory.mark = mark;
  memory.lookedMs = nowMs;
  if (areAgesDue) memory.agesMs = nowMs;
  if (after.state !== 'refused') memory.refused = null;
  else if (after.hash !== null && after.hash !== refusedHash) memory.refused = { hash: after.hash, atMs: nowMs };
  if (before.state !== after.state || before.hash !== after.hash) {
    log.info(
      { state: after.state, hash: after.hash, setAside: after.setAside.length },
      after.detail ?? 'rules written',
    );
  }
}

async function recordedNow(slos: StoredSlo[], known: RecordedWindows, now: Date, signal: AbortSignal) {
  const prometheus = prometheusSources()[0];
  if (!prometheus) return known;
  try {
    return await findRecordedWindows(slos, await measuredSince(db()), known, prometheus, now.getTime(), signal);
  } catch (error) {
    if (!isPrometheusError(error)) throw error;
    return known;
  }
}
