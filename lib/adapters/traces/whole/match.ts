import { config } from '#lib/core/config.ts';
import { greatest } from '../bigints.ts';
import type { FoundTrace, SpanDetail, TraceSearch } from '../port.ts';
import { environmentKeys } from '../semconv.ts';
import { byStart, fits, type WholeSpan, type WholeTrace } from './whole.ts';

/**
 * The place of a trace among what a search found, or null where it does not fit after all: backends leave some
 * conditions to us, and read others more loosely.
 */
export function foundOf(trace: WholeTrace, search: TraceSearch): FoundTrace | null {
  const spans = trace.spans.toSorted(byStart);
  const match = firstMatch(spans, search);
  const [first] = spans;
  if (!match || !first) return null;
  if (search.service === undefined && !wholeFits(spans, search)) return null;
  const root = spans.find(({ light }) => light.parentSpanId === null);
  const endNs = spans.map(({ light }) => light.startNs + light.durationNs).reduce(greatest, first.light.startNs);
  const { spanId, service, name, startNs, durationNs, status } = match.light;
  const services = servicesOf(spans);
  return {
    traceId: trace.traceId,
    startNs: first.light.startNs,
    durationNs: endNs - first.light.startNs,
    root: root ? { service: root.light.service, name: root.light.name } : null,
    match: { spanId, service, name, startNs, durationNs, status },
    spanCount: spans.length,
    errorCount: services.reduce((sum, { errorCount }) => sum + errorCount, 0),
    services,
    sampledRatio: null,
  };
}

function firstMatch(spans: readonly WholeSpan[], search: TraceSearch): WholeSpan | undefined {
  const { service, operation, attributes } = search;
  const isRoot = ({ light }: WholeSpan) => light.parentSpanId === null;
  if (service === undefined) return spans.find((span) => isRoot(span) && spanFits(span, search));
  const ofService = spans.filter(({ light }) => light.service === service);
  const entries = ofService.filter((span) => isRoot(span) || ['server', 'consumer'].includes(span.light.kind));
  const anySpan = operation !== undefined || attributes.length > 0 || entries.length === 0;
  return (anySpan ? ofService : entries).find(
    (span) =>
      spanFits(span, search) &&
      statusFits(span, search) &&
      (attributes.length === 0 || attributes.every((filter) => fits(span.open(), filter))),
  );
}

function spanFits(
  span: WholeSpan,
  { operation, minDurationMs, maxDurationMs, fromMs, toMs, environment }: TraceSearch,
) {
  const { name, startNs, durationNs } = span.light;
  const startMs = Number(startNs / 1_000n) / 1_000;
  const durationMs = Number(durationNs) / 1_000_000;
  return (
    startMs >= fromMs &&
    startMs < toMs &&
    (operation === undefined || name === operation) &&
    (minDurationMs === undefined || durationMs >= minDurationMs) &&
    (maxDurationMs === undefined || durationMs <= maxDurationMs) &&
    environmentOf(span.open()) === environment
  );
}

function statusFits({ light }: WholeSpan, { status }: TraceSearch): boolean {
  return status === undefined || (light.status === 'error') === (status === 'error');
}

/** Without a service the trace as a whole is asked whether it failed and has the attributes. */
function wholeFits(spans: readonly WholeSpan[], { status, attributes }: TraceSearch): boolean {
  const failed = spans.some(({ light }) => light.status === 'error');
  if (status !== undefined && failed !== (status === 'error')) return false;
  if (attributes.length === 0) return true;
  return spans.some((span) => attributes.every((filter) => fits(span.open(), filter)));
}

/** What names no environment belongs to the one that is the default. */
export function environmentOf({ resource }: Pick<SpanDetail, 'resource'>): string {
  const named = environmentKeys.map((key) => resource[key]).find((value) => typeof value === 'string' && value !== '');
  return typeof named === 'string' ? named : config().QD_DEFAULT_ENVIRONMENT;
}

function servicesOf(spans: readonly WholeSpan[]): FoundTrace['services'] {
  const counts = new Map<string, { spanCount: number; errorCount: number }>();
  for (const { light } of spans) {
    const of = counts.get(light.service) ?? { spanCount: 0, errorCount: 0 };
    of.spanCount += 1;
    if (light.status === 'error') of.errorCount += 1;
    counts.set(light.service, of);
  }
  return sortServices([...counts].map(([name, of]) => ({ name, ...of })));
}

/** The one with the most spans first. */
export function sortServices(services: FoundTrace['services']): FoundTrace['services'] {
  return services.sort((a, b) => b.spanCount - a.spanCount || (a.name < b.name ? -1 : 1));
}

/** Newest first by the start of the match, then by trace id. */
export function byNewest(a: FoundTrace, b: FoundTrace): number {
  if (a.match.startNs !== b.match.startNs) return a.match.startNs > b.match.startNs ? -1 : 1;
  return a.traceId < b.traceId ? -1 : a.traceId > b.traceId ? 1 : 0;
}
