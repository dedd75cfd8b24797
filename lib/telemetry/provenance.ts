import type { AnswerMeta, Prometheus } from '#lib/adapters/prometheus/index.ts';
import type { Provenance, SourceStatus, TimeGrid } from './schemas.ts';

export const iso = (ms: number) => new Date(ms).toISOString();
const isoOrNull = (ms: number | null) => (ms === null ? null : iso(ms));

/** How a source is, for those who read its figures. */
export function sourceStatusOf(prometheus: Prometheus): SourceStatus {
  const { id, name, state, failingSinceMs, lastSuccessAtMs, lastError } = prometheus.health();
  return {
    id,
    name,
    state,
    failingSince: isoOrNull(failingSinceMs),
    lastSuccessAt: isoOrNull(lastSuccessAtMs),
    error: state === 'failing' ? lastError : null,
  };
}

/** What goes with an answer that was put together from several: the oldest of them says how old it is. */
export function provenanceOf(prometheus: Prometheus, answers: readonly (AnswerMeta | null)[]): Provenance {
  const had = answers.filter((answer): answer is AnswerMeta => answer !== null);
  const stale = had.map((answer) => answer.stale).find(Boolean);
  const asOfMs = had.length > 0 ? Math.min(...had.map((answer) => answer.asOfMs)) : Date.now();
  return {
    asOf: iso(asOfMs),
    source: sourceStatusOf(prometheus),
    stale: stale ? { since: iso(stale.sinceMs), reason: stale.reason } : null,
    warnings: [...new Set(had.flatMap(({ warnings }) => warnings))],
  };
}

export function gridOf({ fromMs, toMs, stepMs }: { fromMs: number; toMs: number; stepMs: number }): TimeGrid {
  return { from: iso(fromMs), to: iso(toMs), stepMs };
}

/** A figure as it travels: five significant digits, and nothing where there is no number. */
export function figure(value: number | null | undefined): number | null {
  if (value === null || value === undefined || !Number.isFinite(value)) return null;
  return Number(value.toPrecision(5));
}
