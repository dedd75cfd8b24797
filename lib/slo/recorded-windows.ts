import { type Prometheus, selector } from '#lib/adapters/prometheus/index.ts';
import { recordedMetric, recordedWindows, windowName } from './burn-rules.ts';
import type { RecordedWindows } from './rule-store.ts';
import type { StoredSlo } from './store.ts';
import { bucketMs, dayMs } from './window-rules.ts';

/** Rules of a new definition are loaded within this time. */
const loadedWithinMs = 10 * 60_000;

/**
 * Which windows of a day or more can be made from recordings: there was one of five minutes a window ago, and it was
 * of what is measured now. One question for each length, for all SLOs. What was known and still holds is kept.
 */
export async function findRecordedWindows(
  slos: readonly StoredSlo[],
  since: ReadonlyMap<string, Date>,
  known: RecordedWindows,
  prometheus: Prometheus,
  nowMs: number,
  signal?: AbortSignal,
): Promise<RecordedWindows> {
  const lengths = new Set(slos.flatMap(({ definition }) => recordedWindows(definition).filter((ms) => ms >= dayMs)));
  const label = prometheus.source.environmentLabel;
  const there = new Map<number, Set<string>>();
  for (const windowMs of lengths) {
    const metric = selector(recordedMetric('bad', bucketMs), [['slo', '!=', '']]);
    const { series } = await prometheus.instantQuery(`${metric} offset ${windowName(windowMs)}`, { signal });
    there.set(
      windowMs,
      new Set(series.map(({ labels }) => JSON.stringify([labels[label], labels.service, labels.slo]))),
    );
  }
  const found: RecordedWindows = {};
  for (const { id, ledgerRevision, environment, service, name, definition } of slos) {
    const before = known[id]?.revision === ledgerRevision ? known[id].windowsMs : [];
    // Of the first revision there was nothing else under this name: its recordings may be older than the SLO here.
    const measuredMs = ledgerRevision === 1 ? 0 : (since.get(id)?.getTime() ?? nowMs);
    const windowsMs = recordedWindows(definition).filter(
      (windowMs) =>
        windowMs >= dayMs &&
        (before.includes(windowMs) ||
          (measuredMs + loadedWithinMs + windowMs <= nowMs &&
            there.get(windowMs)?.has(JSON.stringify([environment, service, name])))),
    );
    if (windowsMs.length > 0) found[id] = { revision: ledgerRevision, windowsMs };
  }
  return found;
}
