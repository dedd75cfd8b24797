import { config } from '#lib/core/config.ts';
import { greatest } from '../bigints.ts';
import type { FoundTrace, TraceSearch } from '../port.ts';
import type { FoundSpan, FoundSpans } from './answers.ts';

/** The place of a trace among what a search found, or null where it does not fit after all. */
export function found(trace: FoundSpans, search: TraceSearch): FoundTrace | null {
  const { traceId, startNs, durationNs, root, services } = trace;
  const spanCount = services.reduce((sum, one) => sum + one.spanCount, 0);
  const errorCount = services.reduce((sum, one) => sum + one.errorCount, 0);
  const counted = services.length > 0;
  if (search.service === undefined && search.status === 'ok' && counted && errorCount > 0) return null;
  const match = matchOf(trace, search);
  if (!match || !startsIn(match.startNs, search)) return null;
  if ((match.environment ?? config().QD_DEFAULT_ENVIRONMENT) !== search.environment) return null;
  const { environment: _, isRoot: __, ...shown } = match;
  return {
    traceId,
    startNs,
    durationNs: greatest(durationNs, shown.durationNs),
    root,
    match: shown,
    spanCount: counted ? spanCount : null,
    errorCount: counted ? errorCount : null,
    services,
    sampledRatio: null,
  };
}

/** Of the spans that were answered the root where no service was asked for, else the first to start. */
function matchOf({ spans, root, startNs, durationNs }: FoundSpans, search: TraceSearch): FoundSpan | null {
  const { service, operation, query } = search;
  const inOrder = spans.toSorted((a, b) => (a.startNs < b.startNs ? -1 : a.startNs > b.startNs ? 1 : 0));
  // A query in Tempo's own language may select nothing of what says whose a span is.
  const ofService = inOrder.filter((span) => service === undefined || span.service === service || span.service === '');
  const byName = ofService.filter((span) => operation === undefined || span.name === operation || span.name === '');
  const wanted = service === undefined && query === undefined ? byName.filter(({ isRoot }) => isRoot) : byName;
  const [first] = wanted;
  if (first)
    return { ...first, service: first.service || service || root?.service || '', name: first.name || operation || '' };
  if (service !== undefined || !root) return null;
  return { spanId: null, ...root, startNs, durationNs, status: 'unset', isRoot: true, environment: null };
}

function startsIn(startNs: bigint, { fromMs, toMs }: TraceSearch): boolean {
  const startMs = Number(startNs / 1_000n) / 1_000;
  return startMs >= fromMs && startMs < toMs;
}
